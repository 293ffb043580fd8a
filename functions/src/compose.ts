/** The one place where the real clock, database, keys and transports are wired. */
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import { appendEntry } from './features/audit';
import type { TransportDeps } from './platform/callable';
import { systemClock } from './platform/clock';
import { firebaseIdentityVerifier } from './platform/identity-verifier';
import { randomIds } from './platform/ids';
import { cloudLog } from './platform/log';
import { params } from './platform/params';
import { keptConnections } from './platform/rest-channel';
import { firebaseStaffDirectory } from './platform/staff-directory';
import { storeOver, type CommitProtocol } from './platform/store';
import { verifyProtocol, type FirestoreEndpoint } from './platform/verify-protocol';

let composed: TransportDeps | undefined;

/** Made with the first call, not with the module: loading must cost nothing, and parameters have values only then. */
export const deps = (): TransportDeps => (composed ??= compose());

/** Origins whose pages may call the HTTP API. */
export const allowedOrigins = (): string[] =>
  params.allowedOrigins
    .value()
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');

/**
 * The Auth and Firestore SDKs are required where they are first used: in the bundle that keeps them out of the
 * load of every function, which is most of a cold start.
 */
const compose = (): TransportDeps => {
  const app = getApps()[0] ?? initializeApp();
  const auth = once(() => (require('firebase-admin/auth') as typeof import('firebase-admin/auth')).getAuth(app));
  return {
    clock: systemClock,
    ids: randomIds,
    log: cloudLog((line) => process.stdout.write(`${line}\n`)),
    store: storeOver(commitProtocol(app)),
    appendEntry,
    directory: firebaseStaffDirectory(auth),
    verifier: firebaseIdentityVerifier(auth, systemClock),
    limits: { maxDrillMs: params.maxDrillHours.value() * 3_600_000 },
  };
};

const commitProtocol = (app: App): CommitProtocol => {
  const firestore = () =>
    (require('firebase-admin/firestore') as typeof import('firebase-admin/firestore')).getFirestore(app);
  switch (params.commitProtocol.value()) {
    case 'verify':
      return verifyProtocol(
        firestoreEndpoint(app),
        once(() => {
          const { firestoreSource } =
            require('./platform/firestore-source') as typeof import('./platform/firestore-source');
          return firestoreSource(firestore());
        }),
      );
    case 'transaction': {
      const { transactionProtocol } =
        require('./platform/transaction-protocol') as typeof import('./platform/transaction-protocol');
      return transactionProtocol(firestore());
    }
    default:
      throw new Error('MUSTER_COMMIT_PROTOCOL must be "verify" or "transaction".');
  }
};

const firestoreEndpoint = (app: App): FirestoreEndpoint => {
  const emulator = process.env['FIRESTORE_EMULATOR_HOST'];
  const projectId = app.options.projectId ?? process.env['GCLOUD_PROJECT'];
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

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
