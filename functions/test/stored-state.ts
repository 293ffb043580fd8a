/** Everything that a project's database holds, to tell what a call really changed. */
import type { Firestore } from '@google-cloud/firestore';

interface StoredDocument {
  path: string;
  version: string;
  data: Record<string, unknown>;
}
export type State = ReadonlyMap<string, StoredDocument>;

export interface Difference {
  created: StoredDocument[];
  changed: StoredDocument[];
  removed: StoredDocument[];
}

export const stateOf = async (firestore: Firestore): Promise<State> => {
  const collections = await firestore.listCollections();
  const pages = await Promise.all(
    [...collections, firestore.collectionGroup('muster_events'), firestore.collectionGroup('muster_writes')].map(
      async (query) => query.get(),
    ),
  );
  return new Map(
    pages
      .flatMap(({ docs }) => docs)
      .map((found) => [
        found.ref.path,
        {
          path: found.ref.path,
          version: `${found.updateTime.seconds}.${found.updateTime.nanoseconds}`,
          data: found.data(),
        },
      ]),
  );
};

export const differencesBetween = (before: State, after: State): Difference => ({
  created: [...after.values()].filter(({ path }) => !before.has(path)),
  changed: [...after.values()].filter(({ path, version }) => before.get(path)?.version !== version && before.has(path)),
  removed: [...before.values()].filter(({ path }) => !after.has(path)),
});
