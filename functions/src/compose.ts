/** The one place where the real clock, database, keys and transports are wired. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getApps, initializeApp, type App } from 'firebase-admin/app';
import { appendEntry, randomSalts } from '../../guard/src/append-entry';
import { refusalCounter } from '../../guard/src/refusals';
import { inBackground } from './platform/background';
import { withChaosCourier, withChaosOutbound } from './platform/chaos-outbound';
import { courierOver } from './platform/courier';
import { doorsOver } from './platform/doors';
import { environmentFrom, namespacesFrom } from './platform/deployment';
import { failuresInMemory } from './platform/failures';
import type { TransportDeps } from './platform/callable';
import { systemClock } from '../../guard/src/clock';
import { firebaseIdentityVerifier } from './platform/identity-verifier';
import { randomIds } from '../../guard/src/ids';
import { cloudLog } from '../../guard/src/log';
import { logSignerFrom } from './platform/log-signer';
import { outboundOver } from './platform/outbound';
import { params, SHORTEST_RETENTION_DAYS } from './platform/params';
import { firebaseStaffDirectory } from './platform/staff-directory';
import { storeOver, type CommitProtocol } from '../../guard/src/store';
import { firestoreEndpoint } from '../../guard/src/firebase-endpoint';
import { verifyProtocol } from '../../guard/src/verify-protocol';

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
    refusals: refusalCounter({ store, appendEntry, log }),
    failures: failuresInMemory(randomIds),
    outbound: withChaosOutbound(outboundOver({ clock: systemClock }), simulation),
    courier: once(() =>
      withChaosCourier(courierOver({ clock: systemClock, secret: params.deliverySecret.value() }), simulation),
    ),
    signer: once(() => logSignerFrom(params.logKey.value())),
    salts: randomSalts,
    wait: (ms) => sleep(ms),
    doors: doorsOver(
      { store, clock: systemClock, ids: randomIds, log },
      once(() => firestoreEndpoint(app, process.env)),
    ),
    background: inBackground(log),
    environment,
    limits: {
      maxDrillMs: params.maxDrillHours.value() * 3_600_000,
      twoPersons: params.twoPerson.value(),
      retentionDays: Math.max(SHORTEST_RETENTION_DAYS, params.retentionDays.value()),
      witnessKeys: params.witnessKeys.value(),
      auditNamespaces: namespacesFrom(params.auditNamespaces.value()),
    },
  };
};

const commitProtocol = (app: App): CommitProtocol => {
  const firestore = () =>
    (require('firebase-admin/firestore') as typeof import('firebase-admin/firestore')).getFirestore(app);
  switch (params.commitProtocol.value()) {
    case 'verify':
      return verifyProtocol(
        firestoreEndpoint(app, process.env),
        once(() => {
          const { firestoreSource } =
            require('../../guard/src/firestore-source') as typeof import('../../guard/src/firestore-source');
          return firestoreSource(firestore());
        }),
      );
    case 'transaction': {
      const { transactionProtocol } =
        require('../../guard/src/transaction-protocol') as typeof import('../../guard/src/transaction-protocol');
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
