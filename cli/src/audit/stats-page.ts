import type { ResponseOf } from '@muster/contract';
import { dayAndMinute } from '../output/instant';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { shortened } from '../output/paragraph';
import { table } from '../output/table';

type Stats = ResponseOf<'audit-stats'>;
type Row = Stats['rows'][number];

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LONGEST_LABEL = 40;
/** Of what stands beside the bars of a row: the label, the total, and the spaces. */
const BESIDE = LONGEST_LABEL + 14;
const WIDEST_BAR = 40;

interface Asked {
  from: string;
  to: string;
  bucket: string;
}

/** One row is told bucket by bucket; several are a line each, with small bars. */
export const statsPage =
  (asked: Asked) =>
  ({ buckets, rows }: Stats, page: Page): string => {
    const [only] = rows;
    const when = `From ${dayAndMinute(iso(asked.from))} to ${dayAndMinute(iso(asked.to))} UTC`;
    if (rows.length === 1 && only) {
      const title = `${when}, each ${asked.bucket}: ${labelOf(only)}, ${totalOf(only)} in all.`;
      return [page.ink.faint(title), '', bucketByBucket(buckets, only, page.ink)].join('\n');
    }
    const perBar = Math.ceil(buckets.length / Math.max(10, page.width - BESIDE));
    const each = perBar === 1 ? `each ${asked.bucket}` : `each ${perBar} ${asked.bucket}s`;
    const drawn = rows.map((row) => [
      shortened(labelOf(row), LONGEST_LABEL),
      row.total === 0 ? page.ink.faint('0') : page.ink.strong(totalOf(row)),
      barsOf(grouped(row.counts, perBar)),
    ]);
    const body = table(page.ink, drawn, { head: ['', 'entries', `${each}, scaled to the most of its row`] });
    return [page.ink.faint(`${when}.`), '', body].join('\n');
  };

const iso = (typed: string): string => new Date(typed).toISOString();

const labelOf = ({ action, actor }: Row): string => {
  if (action === null && actor === null) return 'all entries';
  return [...(action === null ? [] : [`${action}…`]), ...(actor === null ? [] : [`by ${actor}`])].join(' ');
};

const totalOf = ({ total, capped }: Row): string => `${capped ? 'at least ' : ''}${total}`;

const bucketByBucket = (buckets: string[], { counts }: Row, ink: Ink): string => {
  const most = Math.max(1, ...counts);
  return table(
    ink,
    buckets.map((at, index) => {
      const count = counts[index] ?? 0;
      // What is there at all is seen.
      const length = count === 0 ? 0 : Math.max(1, Math.round((count / most) * WIDEST_BAR));
      return [dayAndMinute(at), String(count), '█'.repeat(length)];
    }),
    { head: ['from (UTC)', 'entries', ''] },
  );
};

const grouped = (counts: readonly number[], size: number): number[] =>
  Array.from({ length: Math.ceil(counts.length / size) }, (_, index) =>
    counts.slice(index * size, (index + 1) * size).reduce((sum, count) => sum + count, 0),
  );

/** Nothing is a point, so that it is not taken for little. */
const barsOf = (counts: readonly number[]): string => {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => (count === 0 ? '·' : (BARS[Math.ceil((count / most) * BARS.length) - 1] ?? '█')))
    .join('');
};
