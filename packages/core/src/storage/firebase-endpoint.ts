import type { App } from 'firebase-admin/app';
import { keptConnections } from './rest-channel';
import type { FirestoreEndpoint } from './verify-protocol';

type Environment = Record<string, string | undefined>;

/** The project that an app is of. */
export const projectOf = (app: App, environment: Environment): string => {
  const project = app.options.projectId ?? environment['GCLOUD_PROJECT'] ?? environment['GOOGLE_CLOUD_PROJECT'];
  if (!project) throw new Error('The project is not known: set GCLOUD_PROJECT.');
  return project;
};

/** Where and as whom a Firebase app reaches Firestore's REST API: the emulator if the environment names one. */
export const firestoreEndpoint = (app: App, environment: Environment): FirestoreEndpoint => {
  const emulator = environment['FIRESTORE_EMULATOR_HOST'];
  return {
    origin: emulator ? `http://${emulator}` : 'https://firestore.googleapis.com',
    projectId: projectOf(app, environment),
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
