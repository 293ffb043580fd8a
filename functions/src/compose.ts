/** The one place where the real clock, database, keys and transports are wired. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import { appendEntry } from '@muster/core/audit/append-entry';
import { randomSalts } from '@muster/core/audit/salts';
import { refusalCounter } from '@muster/guard/refusal-counter';
import { firebaseAppCheck } from './platform/adapters/app-check';
import { inBackground } from './platform/adapters/background';
import { withChaosCourier, withChaosOutbound } from './features/chaos/simulated-outside';
import { courierOver } from './platform/adapters/courier';
import { writePathsOver } from './platform/adapters/write-paths';
import { environmentFrom, listIn, namespacesFrom, rolesFromOf } from './platform/deployment';
import { stateOfInstance } from './platform/operations/adapters';
import type { Transport } from './platform/transport/callable';
import { systemClock } from '@muster/core/clock';
import { firebaseIdentityVerifier } from './platform/adapters/identity-verifier';
import { randomIds } from '@muster/core/ids';
import { cloudLog } from '@muster/core/log';
import { logSignerFrom } from './platform/adapters/log-signer';
import { outboundOver } from './platform/adapters/outbound';
import { addressOfFunctions, namedFunctionsAt } from './platform/adapters/named-functions';
import { params, REGION } from './platform/params';
import { firebaseStaffDirectory } from './platform/adapters/staff-directory';
import { storeOver, type CommitProtocol } from '@muster/core/storage/store';
import { firestoreEndpoint, projectOf } from '@muster/core/storage/firebase-endpoint';
import { keptConnections } from '@muster/core/storage/rest-channel';
import { verifyProtocol } from '@muster/core/storage/verify-protocol';

let composed: Transport | undefined;

/** Made with the first call, not with the module: loading must cost nothing, and parameters have values only then. */
export const deps = (): Transport => (composed ??= compose());

/** Origins whose pages may call the HTTP API. */
export const allowedOrigins = (): string[] => listIn(params.allowedOrigins.value());

/**
 * The Auth and Firestore SDKs are required where they are first used: in the bundle that keeps them out of the
 * load of every function, which is most of a cold start.
 */
const compose = (): Transport => {
  const app = getApps()[0] ?? initializeApp();
  const auth = once(() => (require('firebase-admin/auth') as typeof import('firebase-admin/auth')).getAuth(app));
  const log = cloudLog((line) => process.stdout.write(`${line}\n`));
  const store = storeOver(commitProtocol(app));
  const environment = environmentFrom(params.environment.value());
  const simulation = { clock: systemClock, environment, wait: (ms: number) => sleep(ms) };
  return {
    clock: systemClock,
    ids: randomIds,
    log,
    store,
    appendEntry,
    directory: firebaseStaffDirectory(auth),
    verifier: firebaseIdentityVerifier(auth, systemClock),
    appCheck: params.appCheck.value() ? firebaseAppCheck(once(() => appCheckOf(app))) : undefined,
    namedFunctions: namedFunctionsAt(
      addressOfFunctions(
        { project: () => projectOf(app, process.env), region: REGION, hub: process.env['FIREBASE_EMULATOR_HUB'] },
        async (url) => (await fetch(url)).json(),
      ),
      keptConnections(),
    ),
    refusals: refusalCounter({ store, appendEntry, log }),
    perInstance: stateOfInstance(randomIds),
    outbound: withChaosOutbound(outboundOver({ clock: systemClock }), simulation),
    courier: once(() =>
      withChaosCourier(courierOver({ clock: systemClock, secret: params.deliverySecret.value() }), simulation),
    ),
    signer: once(() => logSignerFrom(params.logKey.value())),
    salts: randomSalts,
    wait: (ms) => sleep(ms),
    writePaths: writePathsOver(
      { store, clock: systemClock, ids: randomIds, log },
      once(() => firestoreEndpoint(app, process.env)),
    ),
    background: inBackground(log),
    environment,
    limits: {
      maxDrillMs: params.maxDrillHours.value() * 3_600_000,
      twoPersons: params.twoPerson.value(),
      rolesFrom: rolesFromOf(params.roles.value()),
      identityDomains: listIn(params.identityDomains.value().toLowerCase()),
      anonymous: params.anonymous.value(),
      retentionDays: params.retentionDays.value(),
      witnessKeys: params.witnessKeys.value(),
      auditNamespaces: namespacesFrom(params.auditNamespaces.value()),
    },
  };
};

const appCheckOf = (app: App) =>
  (require('firebase-admin/app-check') as typeof import('firebase-admin/app-check')).getAppCheck(app);

const commitProtocol = (app: App): CommitProtocol => {
  const firestore = () =>
    (require('firebase-admin/firestore') as typeof import('firebase-admin/firestore')).getFirestore(app);
  switch (params.commitProtocol.value()) {
    case 'verify':
      return verifyProtocol(
        firestoreEndpoint(app, process.env),
        once(() => {
          const { firestoreSource } =
            require('@muster/core/storage/firestore-source') as typeof import('@muster/core/storage/firestore-source');
          return firestoreSource(firestore());
        }),
      );
    case 'transaction': {
      const { transactionProtocol } =
        require('@muster/core/storage/transaction-protocol') as typeof import('@muster/core/storage/transaction-protocol');
      return transactionProtocol(firestore());
    }
    default:
      throw new Error('MUSTER_COMMIT_PROTOCOL must be "verify" or "transaction".');
  }
};

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
