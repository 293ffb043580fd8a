/** What was found out, in sentences. */
import type { Verdict } from '@muster/tlog/export';

export const verdictLines = (verdict: Verdict): string[] => {
  const { problem, head, origin, header, entries, expired, firstAt, lastAt } = verdict;
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
    `${entries} entries${firstAt === null ? '' : `, ${firstAt} to ${lastAt}`}: none was changed, removed, inserted or reordered.`,
    expired > 0 ? `${expired} have expired: their hashes are in the tree, their content is no longer kept.` : '',
    coverage(verdict),
    header && header.withheld.length > 0
      ? `Withheld: ${header.withheld.join(', ')}. Revealed: ${verdict.revealed}.`
      : '',
    signed,
    unknown,
  ].filter(Boolean);
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
