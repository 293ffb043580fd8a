import { FieldPath, FieldValue, type Firestore, type Transaction } from '@google-cloud/firestore';
import { answered, codeOf, firestoreSource, toQuery, toSnapshot } from './firestore-source';
import { MusterError } from '../errors';
import { toSdkFields } from './sdk-values';
import { CommitInDoubt, Outrun, storeRefused, type CommitProtocol } from './store';
import type { StagedWrite } from './staged-write';
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
    /** What the work itself threw, which says nothing about the database, whatever its code. */
    let thrown: unknown;
    try {
      return await firestore.runTransaction(
        async (transaction) => {
          const locked = new Set<string>();
          const lock = async (paths: string[]): Promise<Snapshot[]> => {
            const snapshots = await read(transaction.getAll(...paths.map((path) => firestore.doc(path))));
            for (const path of paths) locked.add(path);
            return snapshots.map(toSnapshot);
          };
          const working = use({
            fetch: lock,
            async query(query) {
              const { docs } = await read(transaction.get(toQuery(firestore, query)));
              for (const { ref } of docs) locked.add(ref.path);
              return docs.map(toSnapshot);
            },
            // Outside of the transaction: no decision rests on a count, and what it counts is not locked.
            count: (query) => firestoreSource(firestore).count(query),
          });
          const { result, writes, restsOn } = await working.catch((error: unknown) => {
            thrown = error;
            throw error;
          });
          // What was found before the transaction began is not locked by it: it must still be as it was found.
          const adopted = [
            ...writes.flatMap(({ path, expects }) =>
              typeof expects === 'object' ? [{ path, version: expects.version }] : [],
            ),
            ...restsOn,
          ].filter(({ path }) => !locked.has(path));
          if (writes.length > 0 && adopted.length > 0) {
            const versions = new Map(
              (await lock(adopted.map(({ path }) => path))).map((now) => [now.path, now.version]),
            );
            if (adopted.some(({ path, version }) => versions.get(path) !== version)) {
              throw new Outrun('a document changed since it was found');
            }
          }
          for (const write of writes) stageIn(transaction, firestore, write);
          return result;
        },
        { maxAttempts: 1 },
      );
    } catch (error) {
      if (error === thrown || error instanceof MusterError || error instanceof Outrun) throw error;
      const code = codeOf(error);
      if (OUTRUN.has(code)) throw new Outrun('a document changed since it was read', { cause: error });
      if (IN_DOUBT.has(code)) throw new CommitInDoubt('a transaction was not answered', { cause: error });
      throw code === undefined ? error : storeRefused(error);
    }
  },
});

/** Versions are kept by the locks; what must only be there, or not, is the SDK's own precondition. */
const stageIn = (transaction: Transaction, firestore: Firestore, write: StagedWrite): void => {
  const document = firestore.doc(write.path);
  switch (write.kind) {
    case 'set': {
      const data = toSdkFields(firestore, write.data);
      if (write.expects === 'absent') transaction.create(document, data);
      else transaction.set(document, data);
      return;
    }
    case 'update': {
      const fields = Object.entries(toSdkFields(firestore, write.data));
      transaction.update(document, ...fieldsAndValues(fields.map(([name, one]) => [[name], one])));
      return;
    }
    case 'delete':
      transaction.delete(document, write.expects === 'present' ? { exists: true } : {});
      return;
    case 'increment': {
      const sums: [string[], unknown][] = [
        ...write.by.map(({ field, add }): [string[], unknown] => [field, FieldValue.increment(add)]),
        ...Object.entries(write.data).map(([name, value]): [string[], unknown] => [[name], value]),
      ];
      if (write.expects === 'present') {
        transaction.update(document, ...fieldsAndValues(sums));
        return;
      }
      const nested = {};
      for (const [field, sum] of sums) setAt(nested, field, sum);
      transaction.set(document, nested, { merge: true });
    }
  }
};

const fieldsAndValues = (entries: readonly (readonly [string[], unknown])[]) =>
  entries.flatMap(([names, value]) => [new FieldPath(...names), value]) as [FieldPath, unknown, ...unknown[]];

const setAt = (map: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void => {
  if (rest.length === 0) {
    map[name] = value;
    return;
  }
  setAt((map[name] ??= {}) as Record<string, unknown>, rest, value);
};

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
