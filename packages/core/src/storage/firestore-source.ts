import { FieldPath, Timestamp, type DocumentSnapshot, type Firestore, type Query } from '@google-cloud/firestore';
import type { BoundedQuery } from './documents';
import { fromSdkFields } from './sdk-values';
import { storeRefused, storeUnavailable } from './store';
import type { Snapshot, WorkSource } from './work';

/** Longer than any healthy read takes; past it the caller is told, instead of waiting for the SDK's minutes. */
const READ_DEADLINE_MS = 8_000;

/** Reads through the server SDK, outside of any transaction. */
export const firestoreSource = (firestore: Firestore): WorkSource => ({
  async fetch(paths) {
    const snapshots = await answered(firestore.getAll(...paths.map((path) => firestore.doc(path))));
    return snapshots.map(toSnapshot);
  },
  async query(query) {
    const { docs } = await answered(toQuery(firestore, query).get());
    return docs.map(toSnapshot);
  },
  async count(query) {
    return (await answered(toQuery(firestore, query).count().get())).data().count;
  },
});

/** The query in the SDK's words. The document id is the last key, so that pages neither skip nor repeat. */
export const toQuery = (firestore: Firestore, query: BoundedQuery<unknown>): Query => {
  let built: Query = firestore.collection(query.collection);
  for (const { field, is, value } of query.where) {
    built = built.where(field, is, value instanceof Date ? Timestamp.fromDate(value) : value);
  }
  for (const { field, direction } of query.orderBy) built = built.orderBy(field, direction);
  if (query.after) {
    const direction = query.orderBy.at(-1)?.direction ?? 'asc';
    built = built
      .orderBy(FieldPath.documentId(), direction)
      .startAfter(
        ...query.after.values.map((value) => (value instanceof Date ? Timestamp.fromDate(value) : value)),
        query.after.id,
      );
  }
  return built.limit(query.limit);
};

export const toSnapshot = (snapshot: DocumentSnapshot): Snapshot => ({
  path: snapshot.ref.path,
  data: snapshot.exists ? fromSdkFields(snapshot.data() ?? {}) : undefined,
  version: snapshot.updateTime && toVersion(snapshot.updateTime),
});

/** RFC 3339 with all nine digits: a version is compared to the nanosecond. */
const toVersion = (time: Timestamp): string =>
  `${new Date(time.seconds * 1000).toISOString().slice(0, 19)}.${String(time.nanoseconds).padStart(9, '0')}Z`;

/** google.rpc.Code: INVALID_ARGUMENT, PERMISSION_DENIED, FAILED_PRECONDITION (an index is missing), UNAUTHENTICATED. */
const REFUSED: ReadonlySet<unknown> = new Set([3, 7, 9, 16]);

/** The number of google.rpc.Code that an error of the SDK carries. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** The answer, or UNAVAILABLE when there is none in time or the database says so. */
export const answered = async <T>(pending: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${READ_DEADLINE_MS} ms`)), READ_DEADLINE_MS);
  });
  try {
    return await Promise.race([pending, deadline]);
  } catch (error) {
    throw REFUSED.has(codeOf(error)) ? storeRefused(error) : storeUnavailable(error);
  } finally {
    clearTimeout(timer);
  }
};
