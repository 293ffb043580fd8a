/** Retention: which entries come to their end, and that none does while a legal hold stands. */
import * as z from 'zod';
import type { BoundedQuery } from '@muster/core/storage/documents';
import { collections, logicalName, paths } from '@muster/core/storage/paths';
import { changed, unchanged } from '../../../platform/operations/change';
import type { Job, JobContext } from '../../../platform/operations/job';
import { forgetNext } from './forget-salts';
import { holdsAt, keepingOf, NOTHING_HELD } from './holds';
import { newestUpTo } from './log-documents';
import { nextKeeping } from './next-keeping';
import { DAY_MS, retentionDaysOf } from './retention';

/** The entry that says so is sealed before the database deletes anything for it. */
const SEALED_WITHIN_DAYS = 1;
const AT_ONCE = 200;
const TAKES_MS = 40_000;

/**
 * `audit-retention`: what was sealed longer ago than the retention, as the signed heads say it and not the entries themselves, is
 * announced, and comes to its end a week later; both are entries, and a check of an export rests on them. What has come to its end
 * is marked, and the database deletes it (TTL on `musterExpireAt`); the hash stays in its tile, and its salt is forgotten by the next run. While a hold stands nothing
 * comes to its end, nothing is marked, and marks are taken off. Each commit rests on the record of holds, so that none
 * is made after a hold was acknowledged.
 */
export const retainEntries: Job = {
  name: 'audit_retention',
  schedule: '17 3 * * *',
  cost: { reads: 12, writes: 5, readsPerRow: 2, writesPerRow: 1 },
  async run(context) {
    const until = context.clock().getTime() + TAKES_MS;
    await keepOn(context);
    const counts = { marked: 0, unmarked: 0, forgotten: await forgetDeleted(context, until) };
    for (;;) {
      const { held, found } = await markOnce(context);
      counts[held ? 'unmarked' : 'marked'] += found;
      if (found < AT_ONCE || context.clock().getTime() >= until) return counts;
    }
  },
};

/** Tiles of one run: some five thousand leaves. */
const MOST_TILES = 20;

const forgetDeleted = async ({ keepLog, clock }: JobContext, until: number): Promise<number> => {
  let forgotten = 0;
  for (let tile = 0; tile < MOST_TILES && clock().getTime() < until; tile += 1) {
    const more = await keepLog(forgetNext);
    forgotten += more;
    if (more === 0) break;
  }
  return forgotten;
};

/** The next step of the log's keeping, with its entry. */
const keepOn = async ({ change, entryAt, now, limits }: JobContext): Promise<void> => {
  await change('keeping', async (work) => {
    const own = entryAt('keeping');
    await work.prefetch([holdsAt(), own]);
    // The run was there before, for this very time: what has become due since is for the next one.
    if (work.seen(own) !== undefined) return unchanged(false);
    const stored = (await work.read(holdsAt())) ?? NOTHING_HELD;
    const retentionDays = retentionDaysOf(limits);
    const [head] = await work.find(newestUpTo(new Date(now.getTime() - retentionDays * DAY_MS)));
    const step = nextKeeping(stored, { now, retentionDays, dueBelow: head?.data.size ?? 0 });
    if (!step) return unchanged(false);
    work.write(holdsAt(), step.after);
    return changed(true, {
      action: step.action,
      target: logicalName(paths.auditHolds()),
      keeping: keepingOf(step.after, retentionDays),
    });
  });
};

const markOnce = ({ keepLog, now }: JobContext): Promise<{ held: boolean; found: number }> =>
  keepLog(async (work) => {
    const { holds, endedBelow } = (await work.read(holdsAt())) ?? NOTHING_HELD;
    const held = Object.keys(holds).length > 0;
    const found = await work.find(held ? marked() : endedAndUnmarked(endedBelow));
    const musterExpireAt = held ? null : new Date(now.getTime() + SEALED_WITHIN_DAYS * DAY_MS);
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

/** What has come to its end, and is not marked. */
export const endedAndUnmarked = (endedBelow: number) =>
  entriesWhere(
    [
      { field: 'musterExpireAt', is: '==', value: null },
      { field: 'leafIndex', is: '<', value: endedBelow },
    ],
    ['leafIndex'],
  );
