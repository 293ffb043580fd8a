import type { ResponseOf } from '@muster/contract';
import { dayAndMinute } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

/** The note stands as it is, so that it can be copied: it is what a verifier takes. */
export const headPage = ({ head, keys }: ResponseOf<'audit-head'>, { ink }: Page): string =>
  head
    ? [
        ink.faint(`Signed ${dayAndMinute(head.sealedAt)} UTC, over ${head.size} entries:`),
        '',
        head.note.trimEnd(),
        '',
        ink.faint(keys.length === 1 ? 'The key that verifies it:' : 'The keys of the log, the newest first:'),
        ...keys,
      ].join('\n')
    : 'Nothing was sealed yet, or not by then: muster audit seal.';

export const sealedNow = ({ sealed, left, head }: ResponseOf<'audit-seal'>, { ink }: Page): string => {
  const size = head ? `The log has ${head.size} entries.` : 'The log has none.';
  if (left) return `${ink.warn('Not done')}: ${sealed} entries were sealed, and more wait. Run it again.`;
  return sealed === 0 ? `Nothing waited. ${size}` : `${ink.good('Sealed')}: ${sealed} entries. ${size}`;
};

export const holdPlaced = ({ hold }: ResponseOf<'audit-hold'>, { ink }: Page): string =>
  [
    `${ink.good('Held')} ${ink.strong(hold.id)}: no audit entry is deleted from now on.`,
    ink.faint(`End it: muster audit release ${hold.id} --reason …`),
  ].join('\n');

export const holdReleased = ({ released, holds }: ResponseOf<'audit-release'>, { ink }: Page): string => {
  if (!released) return 'Nothing was changed: there is no such hold, or it was released before.';
  return holds.length === 0
    ? `${ink.good('Released')}: what is older than the retention is deleted from tomorrow on, with a week to go.`
    : `${ink.good('Released')}: ${holds.length} more ${holds.length === 1 ? 'hold keeps' : 'holds keep'} every entry.`;
};

export const holdsPage = ({ holds, retentionDays }: ResponseOf<'audit-holds'>, page: Page): string => {
  const { ink, width } = page;
  const kept = `Entries are kept for ${retentionDays} days; their hashes for ever.`;
  if (holds.length === 0) return `${kept} No legal hold stands.`;
  const rows = holds.map(({ id, by, since }) => [id, dayAndMinute(since), by]);
  const [titles = '', ...lines] = table(ink, rows, { head: ['id', 'since (UTC)', 'by'] }).split('\n');
  const facts = holds.flatMap(({ reason }, index) => [lines[index] ?? '', ink.faint(paragraph(reason, width, '  '))]);
  return [`${kept} ${ink.warn('None is deleted now')}:`, '', titles, ...facts].join('\n');
};
