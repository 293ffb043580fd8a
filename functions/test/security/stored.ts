import type { CollectionReference, Firestore } from '@google-cloud/firestore';

/**
 * Every document, at any depth, whose path or content has the mark, with its version. Equal before and after: nothing was
 * written. The mark (an actor's uid, say) is what keeps tests apart that share the suite's project; '' is everything.
 */
export const storedWith = async (firestore: Firestore, mark: string): Promise<string[]> => {
  const found: string[] = [];
  const visit = async (collection: CollectionReference): Promise<void> => {
    const { docs } = await collection.get();
    await Promise.all(
      docs.map(async (doc) => {
        const { seconds, nanoseconds } = doc.updateTime;
        const line = `${doc.ref.path}@${seconds}.${nanoseconds} ${JSON.stringify(doc.data())}`;
        if (line.includes(mark)) found.push(line);
        // Only drills have documents below them; asking each audit entry would cost a call each.
        if (collection.id === 'muster_drills' && line.includes(mark)) await all(await doc.ref.listCollections());
      }),
    );
  };
  const all = (collections: CollectionReference[]) => Promise.all(collections.map(visit));
  await all(await firestore.listCollections());
  return found.toSorted();
};
