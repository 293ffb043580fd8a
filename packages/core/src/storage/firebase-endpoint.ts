import type { App } from 'firebase-admin/app';
import { keptConnections } from './rest-channel';
import type { FirestoreEndpoint } from './verify-protocol';

/** Where and as whom a Firebase app reaches Firestore's REST API: the emulator if the environment names one. */
export const firestoreEndpoint = (app: App, environment: Record<string, string | undefined>): FirestoreEndpoint => {
  const emulator = environment['FIRESTORE_EMULATOR_HOST'];
  const projectId = app.options.projectId ?? environment['GCLOUD_PROJECT'] ?? environment['GOOGLE_CLOUD_PROJECT'];
  if (!projectId) throw new Error('The project is not known: set GCLOUD_PROJECT.');
  return {
    origin: emulator ? `http://${emulator}` : 'https://firestore.googleapis.com',
    projectId,
    databaseId: '(default)',
    async accessToken() {
      if (emulator) return 'owner';
      const token = await app.options.credential?.getAccessToken();
      if (!token) throw new Error('no credential for Firestore');
      return token.access_token;
    },
    send: keptConnections(),
  };
};
