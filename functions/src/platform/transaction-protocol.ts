import type { Firestore } from '@google-cloud/firestore';
import { answered, codeOf, firestoreSource, toQuery, toSnapshot } from './firestore-source';
import { MusterError } from './errors';
import { CommitInDoubt, Outrun, storeRefused, type CommitProtocol } from './store';
import type { Snapshot } from './work';

/** google.rpc.Code: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED. */
const OUTRUN: ReadonlySet<unknown> = new Set([5, 6, 9, 10]);
/** google.rpc.Code: DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE. */
const IN_DOUBT: ReadonlySet<unknown> = new Set([4, 13, 14]);

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
          const locked = new Set<string>();
          const lock = async (paths: string[]): Promise<Snapshot[]> => {
            const snapshots = await read(transaction.getAll(...paths.map((path) => firestore.doc(path))));
            for (const path of paths) locked.add(path);
            return snapshots.map(toSnapshot);
          };
          const { result, writes, restsOn } = await use({
            fetch: lock,
            async query(query) {
              const { docs } = await read(transaction.get(toQuery(firestore, query)));
              for (const { ref } of docs) locked.add(ref.path);
              return docs.map(toSnapshot);
            },
          });
          // What was found before the transaction began is not locked by it: it must still be as it was found.
          const adopted = [...writes.filter(({ version }) => version !== undefined), ...restsOn].filter(
            ({ path }) => !locked.has(path),
          );
          if (writes.length > 0 && adopted.length > 0) {
            const versions = new Map(
              (await lock(adopted.map(({ path }) => path))).map((now) => [now.path, now.version]),
            );
            if (adopted.some(({ path, version }) => versions.get(path) !== version)) {
              throw new Outrun('a document changed since it was found');
            }
          }
          for (const { path, data, version } of writes) {
            if (version === undefined) transaction.create(firestore.doc(path), data);
            else transaction.set(firestore.doc(path), data);
          }
          return result;
        },
        { maxAttempts: 1 },
      );
    } catch (error) {
      if (error instanceof MusterError || error instanceof Outrun) throw error;
      const code = codeOf(error);
      if (OUTRUN.has(code)) throw new Outrun('a document changed since it was read', { cause: error });
      if (IN_DOUBT.has(code)) throw new CommitInDoubt('a transaction was not answered', { cause: error });
      throw code === undefined ? error : storeRefused(error);
    }
  },
});

/** Nothing was sent yet that could stand, so a read that fails is no doubt; one that lost its lock is outrun. */
const read = async <T>(pending: Promise<T>): Promise<T> => {
  try {
    return await answered(pending);
  } catch (error) {
    const cause = error instanceof MusterError ? error.cause : error;
    if (codeOf(cause) === 10) throw new Outrun('a lock was lost', { cause });
    throw error;
  }
};
