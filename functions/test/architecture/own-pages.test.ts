/** Whoever has the repository has all that its comments and documents name. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');
const TEXT = /\.(?:ts|tsx|mjs|js|json|md|rules|html|css|ya?ml)$/u;
/** Written so that this file names none of them. */
const FOREIGN = new RegExp(`\\b(?:DESIGN|FACTS|STYLE)\\.md\\b|\\.{2}/shared\\b|/work/(?:main|shared)\\b`, 'u');

test('no file names a page that is not in the repository', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  const texts = files.filter((file) => TEXT.test(file) && existsSync(resolve(ROOT, file)));
  expect(texts.length).toBeGreaterThan(500);
  const foreign = texts.flatMap((file) =>
    readFileSync(resolve(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (FOREIGN.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
  expect(foreign).toEqual([]);
});
