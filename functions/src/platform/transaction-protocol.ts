import type { Firestore } from '@google-cloud/firestore';
import { firestoreSource, toQuery, toSnapshot } from './firestore-source';
import { CommitInDoubt, Outrun, type CommitProtocol } from './store';

/** google.rpc.Code, as the SDK numbers it. */
const OUTRUN_CODES = new Set([5, 6, 9, 10]);
const IN_DOUBT_CODES = new Set([4, 13, 14]);

/**
 * Commits in server transactions, for a project that refuses `verify` (MUSTER_COMMIT_PROTOCOL=transaction).
 * As correct, but what a stalled worker has read stays locked until it goes on or the server gives up after
 * 60 s; a kill waits for as long. That is why it is not the default.
 */
export const transactionProtocol = (firestore: Firestore): CommitProtocol => ({
  source: firestoreSource(firestore),
  async within(use) {
    try {
      return await firestore.runTransaction(
        async (transaction) => {
          const { result, writes } = await use({
            async fetch(paths) {
              const snapshots = await transaction.getAll(...paths.map((path) => firestore.doc(path)));
              return snapshots.map(toSnapshot);
            },
            async query(query) {
              const { docs } = await transaction.get(toQuery(firestore, query));
              return docs.map(toSnapshot);
            },
          });
          for (const { path, data, version } of writes) {
            if (version === undefined) transaction.create(firestore.doc(path), data);
            else transaction.set(firestore.doc(path), data);
          }
          return result;
        },
        { maxAttempts: 1 },
      );
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN;
      if (OUTRUN_CODES.has(code)) throw new Outrun('a document changed since it was read', { cause: error });
      if (IN_DOUBT_CODES.has(code)) throw new CommitInDoubt('a transaction was not answered', { cause: error });
      throw error;
    }
  },
});
