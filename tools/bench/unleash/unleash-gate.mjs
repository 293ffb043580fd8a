import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openFirestoreWrite } from '../gates/firestore-write.mjs';

const { UNLEASH_URL, UNLEASH_TOKEN, UNLEASH_INTERVAL_MS, UNLEASH_FLAG = '', UNLEASH_FOLDER = '' } = process.env;

/**
 * Unleash as its documentation says: ask the client, then write. All options but the polling interval are the
 * client's defaults, metrics included; its backup is kept in memory, because a file would outlive the bench.
 *
 * @type {import('../gates/writer-process.mjs').OpenGate}
 */
export async function open(collection) {
  const { InMemStorageProvider, startUnleash } = createRequire(join(UNLEASH_FOLDER, 'package.json'))('unleash-client');
  const { write, close } = await openFirestoreWrite(collection);
  const client = await startUnleash({
    url: UNLEASH_URL,
    appName: 'muster-bench',
    customHeaders: { Authorization: UNLEASH_TOKEN },
    storageProvider: new InMemStorageProvider(),
    ...(UNLEASH_INTERVAL_MS && { refreshInterval: Number(UNLEASH_INTERVAL_MS) }),
  });
  return {
    allowed: () => client.isEnabled(UNLEASH_FLAG),
    write,
    close: async () => {
      client.destroy();
      await close();
    },
  };
}
