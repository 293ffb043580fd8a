import { Firestore } from '@google-cloud/firestore';

/**
 * The write that is guarded: one new document, with the server SDK. GCLOUD_PROJECT and FIRESTORE_EMULATOR_HOST
 * say where.
 *
 * @param {string} collection of the documents
 * @returns {Promise<{ write: () => Promise<void>, close: () => Promise<void> }>}
 */
export async function openFirestoreWrite(collection) {
  const firestore = new Firestore();
  const documents = firestore.collection(collection);
  // Loads what the first call loads, so that the pace holds from the first write on.
  await documents.limit(1).get();
  return {
    write: async () => void (await documents.doc().create({ writtenAt: new Date() })),
    close: () => firestore.terminate(),
  };
}
