/** What is to be counted: a cell for each bucket of time, of each row. Pure. */
import type * as z from 'zod';
import { badInput } from '@muster/core/errors';
import { MUSTER_WORDS } from '@muster/contract/audit/entry';
import { MOST_CELLS, type auditStats, type StatsBucket } from '@muster/contract/audit/queries';

type Asked = z.output<typeof auditStats.request>;

export interface Bucket {
  from: Date;
  to: Date;
}

export interface StatsRow {
  action: string | null;
  actor: string | null;
}

const HOUR_MS = 3_600_000;
const LENGTH: Record<StatsBucket, number> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** A Monday. 1970 began on a Thursday. */
const FIRST_MONDAY = 4 * 24 * HOUR_MS;

/** From whole hour, day or Monday to the next, in UTC; cut at both ends to what was asked for. Refuses too many. */
export const bucketsOf = ({ from, to, bucket }: Pick<Asked, 'from' | 'to' | 'bucket'>, rows: number): Bucket[] => {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const length = LENGTH[bucket];
  const offset = bucket === 'week' ? FIRST_MONDAY : 0;
  const first = Math.floor((begin - offset) / length) * length + offset;
  const count = Math.ceil((end - first) / length);
  if (count * rows > MOST_CELLS) throw tooMany(count, rows, bucket);
  return Array.from({ length: count }, (_, index) => ({
    from: new Date(Math.max(begin, first + index * length)),
    to: new Date(Math.min(end, first + (index + 1) * length)),
  }));
};

/** Each action with each actor. When neither is said: all entries, and those of Muster by their first words. */
export const rowsOf = ({ actions, actors }: Pick<Asked, 'actions' | 'actors'>): StatsRow[] => {
  if (!actions && !actors)
    return [null, ...MUSTER_WORDS.map((word) => `${word}.`)].map((action) => ({ action, actor: null }));
  const distinct = <Value>(given: Value[] | undefined): (Value | null)[] => (given ? [...new Set(given)] : [null]);
  return distinct(actions).flatMap((action) => distinct(actors).map((actor) => ({ action, actor })));
};

const tooMany = (buckets: number, rows: number, bucket: StatsBucket) =>
  badInput([
    {
      field: 'bucket',
      problem: `${buckets} ${bucket}s for each of ${rows} rows is more than ${MOST_CELLS} counts: ask for a larger bucket, a shorter time, or fewer of "actions" and "actors"`,
    },
  ]);
