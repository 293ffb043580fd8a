/** Muster's rules, and what of them a host copies into its own. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
/** What is marked: the guard's helpers, and the whole of Muster's block, in which they stand. */
type Mark = 'muster-helpers' | 'muster';

export const musterRules = (): string => readFileSync(resolve(ROOT, 'firestore.rules'), 'utf8');
/** For a deployment that counts only roles that Muster granted. */
export const rosterRules = (): string => readFileSync(resolve(ROOT, 'firestore.roster.rules'), 'utf8');
export const helpersFile = (): string => readFileSync(resolve(ROOT, 'packages/guard/firestore-helpers.rules'), 'utf8');

/** First and last line, counted from 1, of the section that is marked. Fails unless each mark begins one line. */
export const markedLines = (rules: string, name: Mark = 'muster-helpers'): { from: number; to: number } => {
  const [opening, closing] = [`// <${name}>`, `// </${name}>`];
  const marks = rules.split('\n').flatMap((line, index) => {
    const mark = [opening, closing].find((one) => line.trimStart().startsWith(one));
    return mark === undefined ? [] : [{ mark, line: index + 1 }];
  });
  const [begin, end, ...more] = marks;
  if (begin?.mark !== opening || end?.mark !== closing || more.length > 0) throw new Error('not one marked section');
  return { from: begin.line, to: end.line };
};

/** The marked section, marks included, byte for byte. */
export const markedIn = (rules: string, name: Mark = 'muster-helpers'): string => {
  const { from, to } = markedLines(rules, name);
  return rules
    .split('\n')
    .slice(from - 1, to)
    .join('\n');
};
