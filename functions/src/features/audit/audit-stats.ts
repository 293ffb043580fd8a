import { auditEntry } from '@muster/core/audit/audit-entry';
import type { BoundedQuery } from '@muster/core/storage/documents';
import { collections } from '@muster/core/storage/paths';
import { COUNTED_UP_TO, MOST_CELLS, type auditStats as contract } from '@muster/contract/audit/queries';
import { defineRead } from '../../platform/operations/define-read';
import { contains, equalities, NEWEST_FIRST } from './for-others/audit-reader';
import { bucketsOf, rowsOf, type Bucket, type StatsRow } from './stats-cells';
import type * as z from 'zod';

type Asked = z.output<typeof contract.request>;

/** So many counts are asked for at once. */
const AT_ONCE = 20;

/**
 * `audit-stats`: the revocation record and one count a cell, none of which reads an entry. Firestore bills a count by index
 * entries, one read for each 1,000, so 100,000 of a cell are the most that is counted: what it costs does not grow without end.
 */
export const auditStats = defineRead('audit-stats', {
  cost: { reads: 1 + MOST_CELLS, writes: 0 },
  async answer({ work }, asked) {
    const rows = rowsOf(asked);
    const buckets = bucketsOf(asked, rows.length);
    const cells = rows.flatMap((row) => buckets.map((bucket) => cellQuery(asked, row, bucket)));
    const counts: number[] = [];
    for (let first = 0; first < cells.length; first += AT_ONCE) {
      const some = cells.slice(first, first + AT_ONCE);
      counts.push(...(await Promise.all(some.map((cell) => work.count(cell)))));
    }
    return {
      buckets: buckets.map(({ from }) => from.toISOString()),
      rows: rows.map((row, index) => {
        const own = counts.slice(index * buckets.length, (index + 1) * buckets.length);
        const total = own.reduce((sum, count) => sum + count, 0);
        return { ...row, counts: own, total, capped: own.some((count) => count >= COUNTED_UP_TO) };
      }),
    };
  },
});

/** The same indexes serve it as serve a page of these entries. */
const cellQuery = (asked: Asked, { action, actor }: StatsRow, { from, to }: Bucket): BoundedQuery<unknown> => ({
  collection: collections.audit,
  schema: auditEntry,
  where: [
    ...(action === null ? [] : [contains('actionPrefixes', action)]),
    ...(actor === null ? [] : [{ field: 'actorId', is: '==' as const, value: actor }]),
    ...equalities(asked),
    { field: 'at', is: '>=', value: from },
    { field: 'at', is: '<', value: to },
  ],
  orderBy: NEWEST_FIRST,
  limit: COUNTED_UP_TO,
});
