/** The queries that the team keeps. */
import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import { MOST_SAVED_QUERIES, savedFilters, type SavedQuery } from '@muster/contract/audit/queries';

const stored = z.strictObject({ name: z.string(), query: savedFilters, savedBy: z.string(), savedAt: z.date() });

/** `muster_auditQueries/current`, all in one: so that there are never more than 100, nor two of one name, whoever saves at once. */
export const savedQueries = z.strictObject({ queries: z.record(z.string(), stored) });
export type SavedQueries = z.infer<typeof savedQueries>;
export const savedQueriesAt = () => documentAt(paths.auditQueries(), savedQueries);

export const toSavedQuery = (id: string, { savedAt, ...rest }: z.infer<typeof stored>): SavedQuery => ({
  id,
  ...rest,
  savedAt: savedAt.toISOString(),
});

/** By their names. */
export const toSavedQueries = (all: SavedQueries | undefined): SavedQuery[] =>
  Object.entries(all?.queries ?? {})
    .map(([id, query]) => toSavedQuery(id, query))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** The one of this name, however its letters are written. */
export const namedIn = (all: SavedQueries | undefined, name: string): string | undefined =>
  Object.entries(all?.queries ?? {}).find(([, other]) => sameName(other.name) === sameName(name))?.[0];

const sameName = (name: string): string => name.normalize('NFKC').toLowerCase();

export const refuseMore = (all: SavedQueries | undefined): void => {
  if (Object.keys(all?.queries ?? {}).length < MOST_SAVED_QUERIES) return;
  throw new MusterError('CONFLICT', `${MOST_SAVED_QUERIES} queries are saved, which is all that can be.`, {
    reason: 'TOO_MANY',
    next: 'Delete one that nobody needs (audit-queries-delete), or save under a name that there is already.',
  });
};
