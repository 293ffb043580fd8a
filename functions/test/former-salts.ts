/** A log as the release before has left it: each salt in its entry, none in a tile. */
import type { Firestore } from '@google-cloud/firestore';
import { saltsOf } from './audit-log';
import type { Backend } from './harness';

/** Puts the salts of a sealed log back into its entries; answers them. */
export const withFormerSalts = async (backend: Backend): Promise<string[]> => {
  const { firestore } = backend;
  const salts = await saltsOf(backend);
  const [entries, tiles, head] = await Promise.all([
    firestore.collection('muster_audit').get(),
    firestore.collection('muster_auditLog/current/muster_tiles').get(),
    firestore.doc('muster_auditLog/current').get(),
  ]);
  const writer = firestore.bulkWriter({ throttling: false });
  for (const { ref, data } of entries.docs.map((one) => ({ ref: one.ref, data: one.data() }))) {
    const leafIndex: unknown = data['leafIndex'];
    if (typeof leafIndex === 'number') void writer.update(ref, { salt: salts[leafIndex] });
  }
  for (const tile of tiles.docs) void writer.set(tile.ref, { hashes: tile.get('hashes') as Uint8Array });
  const { saltsMovedBelow: _, saltsForgottenBelow: _f, ...former } = head.data() ?? {};
  void writer.set(head.ref, former);
  await writer.close();
  return salts;
};

/** The paths of all documents in which some of these texts stand. */
export const pathsWith = async (firestore: Firestore, texts: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  const look = async (collections: FirebaseFirestore.CollectionReference[]): Promise<void> => {
    for (const collection of collections)
      for (const { ref } of (await collection.listDocuments()).map((one) => ({ ref: one }))) {
        const text = JSON.stringify((await ref.get()).data() ?? {});
        if (texts.some((one) => text.includes(one))) found.push(ref.path);
        await look(await ref.listCollections());
      }
  };
  await look(await firestore.listCollections());
  return found.toSorted();
};
