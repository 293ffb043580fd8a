/** The connectors of an experiment, removed in the unit of work of whoever ends the experiment; see `../scope-undoing`. */
import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { collections, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';

/** In one commit; the rest is for the next. */
const MOST_WRITES = 200;

const asStored = (path: string) => documentAt<unknown>(path, z.unknown());

/** What was removed, and whether that was all of it. Whatever they hold: a damaged one is removed like any other. */
export const removeConnectors = async (
  work: Work,
  /** What the ids begin with, up to their last `-`. */
  prefix: string,
  ids: readonly string[],
): Promise<{ removed: string[]; all: boolean }> => {
  if (ids.length === 0) return { removed: [], all: true };
  const documents = ids.flatMap((id) => [paths.connector(id), paths.connectorQueue(id)]);
  await work.prefetch(documents.map(asStored));
  const writes = await work.find({
    collection: collections.connectorWrites,
    schema: z.record(z.string(), z.unknown()),
    // `.` comes after `-`, and is in no id.
    where: [
      { field: 'connectorId', is: '>=', value: `${prefix}-` },
      { field: 'connectorId', is: '<', value: `${prefix}.` },
    ],
    orderBy: [{ field: 'connectorId', direction: 'asc' }],
    limit: MOST_WRITES,
  });
  const present = documents.filter((path) => work.seen(asStored(path)) !== undefined);
  const removed = [...present, ...writes.map(({ path }) => path)];
  for (const path of removed) work.stage({ kind: 'delete', path, expects: work.expectationOf(path) });
  return { removed, all: writes.length < MOST_WRITES };
};
