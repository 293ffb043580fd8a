/** Retention: which entries come to their end, and that none does while a legal hold stands. */
import * as z from 'zod';
import type { BoundedQuery } from '@muster/core/storage/documents';
import { collections } from '@muster/core/storage/paths';
import type { Job, JobContext } from '../../../platform/operations/job';
import { holdsAt } from './holds';
import { newestUpTo } from './log-documents';
import { DAY_MS, retentionDaysOf } from './retention';

/** Between the mark and the deletion: the time in which a legal hold takes the mark off. */
export const GRACE_DAYS = 7;
const AT_ONCE = 200;
const TAKES_MS = 40_000;

/**
 * `audit-retention`: marks what was sealed longer ago than the retention, as the signed heads say it, not the entries
 * themselves. The database deletes what is marked a week later (TTL on `musterExpireAt`); the hash stays in its tile. While a
 * hold stands nothing is marked, and marks are taken off. Each commit rests on the record of holds, so that none is
 * made after a hold was acknowledged.
 */
export const retainEntries: Job = {
  name: 'audit_retention',
  schedule: '17 3 * * *',
  cost: { reads: 4, writes: 1, readsPerRow: 2, writesPerRow: 1 },
  async run(context) {
    const until = context.clock().getTime() + TAKES_MS;
    const counts = { marked: 0, unmarked: 0 };
    for (;;) {
      const { held, found } = await keepOnce(context);
      counts[held ? 'unmarked' : 'marked'] += found;
      if (found < AT_ONCE || context.clock().getTime() >= until) return counts;
    }
  },
};

const keepOnce = ({ keepLog, now, limits }: JobContext): Promise<{ held: boolean; found: number }> =>
  keepLog(async (work) => {
    const held = Object.keys((await work.read(holdsAt()))?.holds ?? {}).length > 0;
    const query = held
      ? marked()
      : await overdue((at) => work.find(newestUpTo(at)), new Date(now.getTime() - retentionDaysOf(limits) * DAY_MS));
    if (!query) return { held, found: 0 };
    const found = await work.find(query);
    const musterExpireAt = held ? null : new Date(now.getTime() + GRACE_DAYS * DAY_MS);
    for (const { path } of found)
      work.stage({ kind: 'update', path, data: { musterExpireAt }, expects: work.expectationOf(path) });
    return { held, found: found.length };
  });

const entriesWhere = (
  where: BoundedQuery<unknown>['where'],
  fields: string[],
): BoundedQuery<Record<string, unknown>> => ({
  collection: collections.audit,
  schema: z.record(z.string(), z.unknown()),
  where,
  orderBy: fields.map((field) => ({ field, direction: 'asc' })),
  limit: AT_ONCE,
});

/** What is marked and still there. */
export const marked = () =>
  entriesWhere([{ field: 'musterExpireAt', is: '>', value: new Date(0) }], ['musterExpireAt', 'leafIndex']);

/** What the newest head of that time has, and is not marked. */
export const overdueBelow = (size: number) =>
  entriesWhere(
    [
      { field: 'musterExpireAt', is: '==', value: null },
      { field: 'leafIndex', is: '<', value: size },
    ],
    ['leafIndex'],
  );

const overdue = async (newest: (at: Date) => Promise<{ data: { size: number } }[]>, before: Date) => {
  const [head] = await newest(before);
  return head && overdueBelow(head.data.size);
};
