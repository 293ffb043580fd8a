/** The one place where the real clock, database, keys and transports are wired. */
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import type { Auth } from 'firebase-admin/auth';
import type { Firestore } from '@google-cloud/firestore';
import { appendEntry } from './features/audit';
import type { TransportDeps } from './platform/callable';
import { systemClock } from './platform/clock';
import { firebaseIdentityVerifier } from './platform/identity-verifier';
import { randomIds } from './platform/ids';
import { cloudLog } from './platform/log';
import { params } from './platform/params';
import { firebaseStaffDirectory } from './platform/staff-directory';
import { storeOver, type CommitProtocol } from './platform/store';
import { transactionProtocol } from './platform/transaction-protocol';
import { verifyProtocol, type CommitEndpoint } from './platform/verify-protocol';

const DATABASE = '(default)';

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

const compose = (): TransportDeps => {
  const app = getApps()[0] ?? initializeApp();
  const auth = once(() => (require('firebase-admin/auth') as typeof import('firebase-admin/auth')).getAuth(app));
  const log = cloudLog((line) => process.stdout.write(`${line}\n`));
  return {
    clock: systemClock,
    ids: randomIds,
    log,
    store: storeOver(commitProtocol(app)),
    appendEntry,
    directory: firebaseStaffDirectory(auth),
    verifier: firebaseIdentityVerifier(auth),
    limits: { maxDrillMs: params.maxDrillHours.value() * 3_600_000 },
  };
};

const commitProtocol = (app: App): CommitProtocol => {
  const firestore: Firestore = (
    require('firebase-admin/firestore') as typeof import('firebase-admin/firestore')
  ).getFirestore(app);
  firestore.settings({ ignoreUndefinedProperties: false });
  const protocol = params.commitProtocol.value();
  if (protocol === 'transaction') return transactionProtocol(firestore);
  if (protocol !== 'verify') {
    throw new Error(`MUSTER_COMMIT_PROTOCOL is "${protocol}"; it must be "verify" or "transaction".`);
  }
  return verifyProtocol(firestore, commitEndpoint(app));
};

const commitEndpoint = (app: App): CommitEndpoint => {
  const emulator = process.env['FIRESTORE_EMULATOR_HOST'];
  const projectId = app.options.projectId ?? process.env['GCLOUD_PROJECT'];
  if (!projectId) throw new Error('The project is not known: set GCLOUD_PROJECT.');
  return {
    origin: emulator ? `http://${emulator}` : 'https://firestore.googleapis.com',
    projectId,
    databaseId: DATABASE,
    async accessToken() {
      if (emulator) return 'owner';
      const token = await app.options.credential?.getAccessToken();
      if (!token) throw new Error('no credential for Firestore');
      return token.access_token;
    },
    fetch,
  };
};

const once = <T extends Auth>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
