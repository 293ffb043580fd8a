/**
 * The write that is guarded: one new document, with the server SDK. GCLOUD_PROJECT and FIRESTORE_EMULATOR_HOST
 * say where.
 *
 * @param {string} collection of the documents
 * @returns {Promise<{ write: () => Promise<void>, close: () => Promise<void> }>}
 */
export declare function openFirestoreWrite(collection: string): Promise<{
  write: () => Promise<void>;
  close: () => Promise<void>;
}>;
