import type { BoundedQuery, Filter, Stored } from '@muster/core/storage/documents';
import type { Work } from '@muster/core/storage/work';
import { fromCursor, toCursor } from './cursor';

/** What every list is asked with. */
interface Asked {
  limit: number;
  cursor?: string | undefined;
}

/** A page of a list, newest first `by` a time. Reads one more than asked for, to know whether there is another page. */
export const newestFirst = async <By extends string, T extends Record<By, Date>>(
  work: Pick<Work, 'find'>,
  { by, ...query }: Pick<BoundedQuery<T>, 'collection' | 'schema' | 'where'> & { by: By },
  { limit, cursor }: Asked,
): Promise<{ page: Stored<T>[]; nextCursor: string | null }> => {
  const after = cursor === undefined ? undefined : fromCursor(cursor);
  const found = await work.find({
    ...query,
    orderBy: [{ field: by, direction: 'desc' }],
    limit: limit + 1,
    ...(after ? { after: { values: [after.at], id: after.id } } : {}),
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: found.length > limit && last ? toCursor(last.data[by], last.id) : null };
};

/** Filters by the fields that were asked for; one that is undefined is not. */
export const whereAsked = (fields: Record<string, string | boolean | undefined>): Filter[] =>
  Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [{ field, is: '==', value }]));
