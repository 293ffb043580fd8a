import type * as z from 'zod';

/** Where a document is, and what it must look like there. */
export interface DocumentAddress<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
}

export const documentAt = <T>(path: string, schema: z.ZodType<T>): DocumentAddress<T> => ({ path, schema });

/** A filter on one field, in Firestore's words. */
export interface Filter {
  field: string;
  is: '==' | '<' | '<=' | '>' | '>=' | 'array-contains';
  value: string | number | boolean | Date | null;
}

/** A query with a bound: `limit` is never left out, so no answer grows with history (law 9). */
export interface BoundedQuery<T> {
  collection: string;
  schema: z.ZodType<T>;
  where: Filter[];
  orderBy: { field: string; direction: 'asc' | 'desc' }[];
  limit: number;
  /** Continue after this place: the values of the `orderBy` fields, then the document id. */
  after?: { values: (string | number | boolean | Date)[]; id: string };
}

/** A document as read: its data and the version (commit time, in nanoseconds) that a decision rests on. */
export interface Stored<T> {
  id: string;
  path: string;
  data: T;
  version: string;
}
