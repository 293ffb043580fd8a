/** What was found out, in sentences. */
import type { Verdict } from '@muster/tlog/export';

export const verdictLines = (verdict: Verdict): string[] => {
  const { problem, head, origin, header } = verdict;
  const signed = head ? `Signed head: ${head.size} leaves of ${head.origin}, ${head.signedAt}, with ${head.key}.` : '';
  const unknown =
    head && origin === 'not proven'
      ? 'No key was given. This was checked with the key in the file: it proves that the file is consistent, NOT who made it.'
      : '';
  if (problem) {
    const where = problem.line === null ? 'in the file as a whole' : `in line ${problem.line}`;
    return ['DOES NOT HOLD', `First problem, ${where}: ${problem.what}`, signed, unknown].filter(Boolean);
  }
  return [
    'Holds',
    found(verdict),
    expired(verdict),
    coverage(verdict),
    header && header.withheld.length > 0
      ? `Withheld: ${header.withheld.join(', ')}. Revealed: ${verdict.revealed}.`
      : '',
    signed,
    unknown,
  ].filter(Boolean);
};

/** Whoever asked for a period reads how many are of it, and that the others are there for the proof alone. */
const found = ({ entries, outside, firstAt, lastAt, header }: Verdict): string => {
  const times = firstAt === null ? '' : `, ${firstAt} to ${lastAt}`;
  const whole = 'none was changed, removed, inserted or reordered.';
  const isOfPeriod = header !== null && 'range' in header.scope && header.scope.range.period !== null;
  return isOfPeriod
    ? `${entries} in the period${times}; ${outside} around it prove that none is missing. Of all of them ${whole}`
    : `${entries} entries${times}: ${whole}`;
};

const expired = ({ expired: count, expiryShownBy }: Verdict): string => {
  if (count === 0) return '';
  return expiryShownBy === 'age'
    ? `${count} are gone, and were sealed more than 180 days before. A file of this former format does not show that they had expired: ask for a new one.`
    : `${count} have expired: the log itself says when it ended them; their hashes are in the tree, their content is no longer kept.`;
};

const coverage = ({ header }: Verdict): string => {
  if (!header) return '';
  const { scope } = header;
  if ('selection' in scope)
    return `Chosen by ${scope.selection.field} ${scope.selection.value}: each entry is proven; that there are no others is NOT proven.`;
  const { begin, end, period } = scope.range;
  if (!period) return `Complete: every one of the ${end} leaves that the log had.`;
  return `Complete for ${period.from ?? 'the beginning'} to ${period.to ?? 'the newest head'}: leaves ${begin} to before ${end}.`;
};
