/** What was found out about a file, in words for whoever has to rely on it. */
import { AlreadyTold, EXIT } from '../../exit-codes';
import type { CommandContext } from '../../command-context';
import type { HeaderRecord, Verdict } from '@muster/tlog/export';
import type { Page } from '../../output/page';
import { grouped } from './progress-bar';

/** Tells the verdict, and ends with the exit code of evidence that does not hold if it does not. */
export const tellVerdict = (context: CommandContext, file: string, verdict: Verdict): void => {
  context.answer(verdict, (shown) => verdictPage(file, shown, context.page));
  if (!verdict.ok) throw new AlreadyTold(EXIT.unproven);
};

export const verdictPage = (file: string, verdict: Verdict, { ink }: Page): string => {
  const { problem } = verdict;
  const lines = problem
    ? [
        `${ink.bad('✗')} ${ink.strong('DOES NOT HOLD')}: ${file}`,
        `  First problem, ${problem.line === null ? 'in the file as a whole' : `in line ${grouped(problem.line)}`}: ${problem.what}`,
        `  What stands before it was checked: ${grouped(verdict.entries + verdict.outside)} entries. Do not rely on the rest.`,
      ]
    : [`${ink.good('✓')} ${ink.strong('Holds')}: ${file}`, `  ${countsIn(verdict)}`, ...coverage(verdict.header)];
  return [...lines, ...originIn(verdict, ink.warn)].join('\n');
};

const countsIn = (verdict: Verdict): string => {
  const { expired, header, revealed } = verdict;
  return [
    ...foundIn(verdict),
    expired > 0 ? expiredIn(verdict) : '',
    header && header.withheld.length > 0 ? `Withheld: ${header.withheld.join(', ')}.` : '',
    revealed > 0 ? `${grouped(revealed)} of the withheld fields revealed, and as they were sealed.` : '',
  ]
    .filter(Boolean)
    .join('\n  ');
};

/** Whoever asked for a period reads how many are of it, and that the others are there for the proof alone. */
const foundIn = ({ entries, outside, firstAt, lastAt, header }: Verdict): string[] => {
  const times = firstAt === null ? '' : `, ${firstAt} to ${lastAt}`;
  const whole = 'none was changed, removed, inserted or reordered.';
  const isOfPeriod = header !== null && 'range' in header.scope && header.scope.range.period !== null;
  if (!isOfPeriod) return [`${grouped(entries)} entries${times}: ${whole}`];
  return [
    `${grouped(entries)} in the period${times}; ${grouped(outside)} around it prove that none is missing.`,
    `Of all of them ${whole}`,
  ];
};

const expiredIn = ({ expired, expiryShownBy }: Verdict): string =>
  expiryShownBy === 'age'
    ? `${grouped(expired)} are gone, and were sealed more than 180 days before. A file of this former format does not show that they had expired: export anew.`
    : `${grouped(expired)} have expired: the log itself says when it ended them; their hashes are in the tree, their content is no longer kept.`;

const coverage = (header: HeaderRecord | null): string[] => {
  if (!header) return [];
  const { scope } = header;
  if ('selection' in scope)
    return [
      `  Chosen by ${scope.selection.field} ${scope.selection.value}: each entry is proven; that there are no others is NOT proven.`,
    ];
  const { begin, end, period } = scope.range;
  if (!period) return [`  Complete: every one of the ${grouped(end)} leaves that the log had.`];
  const [from, to] = [period.from ?? 'the beginning', period.to ?? 'the newest head'];
  return [`  Complete for ${from} to ${to}: leaves ${grouped(begin)} to before ${grouped(end)}.`];
};

const originIn = ({ head, origin }: Verdict, warn: (text: string) => string): string[] => {
  if (!head) return [];
  const signed = `  Head: ${grouped(head.size)} leaves of ${head.origin}, signed ${head.signedAt} with ${head.key}.`;
  if (origin === 'proven') return [signed];
  return [
    signed,
    warn(
      '  No --key was given: this was checked with the key in the file, which proves that the file is consistent, NOT who',
    ),
    warn('  made it. Get the key from somewhere else, and give it with --key.'),
  ];
};
