import type { Auth } from 'firebase-admin/auth';
import type { Firestore } from 'firebase-admin/firestore';
import type { Destination } from '@muster/client/destination';
import { Failure } from '@muster/client/failure';

/** Firestore and Auth with the project's own credentials; the emulators need none. */
export interface Operator {
  firestore: Firestore;
  auth: Auth;
  close(): Promise<void>;
}

export const operatorOf = async ({ project, emulators }: Destination): Promise<Operator> => {
  // The SDK takes emulators from the environment alone, and a real project must not be mistaken for one.
  for (const [name, host] of [
    ['FIREBASE_AUTH_EMULATOR_HOST', emulators?.auth],
    ['FIRESTORE_EMULATOR_HOST', emulators?.firestore],
  ] as const) {
    if (host === undefined) delete process.env[name];
    else process.env[name] = host;
  }
  // On the emulators nobody's credentials count; looking for a machine's own takes seconds and warns.
  if (emulators) process.env['METADATA_SERVER_DETECTION'] = 'none';
  // Loaded here: it is half a second that no other command needs.
  const { applicationDefault, deleteApp, initializeApp } = await import('firebase-admin/app');
  const { getAuth } = await import('firebase-admin/auth');
  const { getFirestore } = await import('firebase-admin/firestore');
  const app = initializeApp({ projectId: project, ...(emulators ? {} : { credential: applicationDefault() }) });
  return { firestore: getFirestore(app), auth: getAuth(app), close: () => deleteApp(app) };
};

/** What the SDK threw, in the words of whoever runs the command. */
export const operatorFailure = (error: unknown, { project, emulators }: Destination): unknown => {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UNAVAILABLE/u.test(text)) {
    return new Failure(
      'UNAVAILABLE',
      `${emulators ? 'The emulators do not' : 'Google Cloud does not'} answer. Whether anything was changed is not known.`,
      {
        reason: 'UNREACHABLE',
        next: emulators
          ? 'Start the suite (npm start), then run the same again; it finishes what is missing.'
          : 'Run the same again; it finishes what is missing.',
      },
      { cause: error },
    );
  }
  if (/default credentials|invalid_grant|credential|PERMISSION_DENIED|UNAUTHENTICATED|403|401/iu.test(text)) {
    return new Failure(
      'UNAUTHENTICATED',
      `Your own credentials do not open ${project}.`,
      {
        reason: 'NO_CREDENTIALS',
        next: 'Run `gcloud auth application-default login` as an owner of the project, or set GOOGLE_APPLICATION_CREDENTIALS.',
      },
      { cause: error },
    );
  }
  return error;
};
