/**
 * A backend in process, on the real Firestore emulator, in a project of its own: real store, real audit, real
 * Auth emulator; the clock, the ids' randomness and the log are the test's.
 */
import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { COSIGNATURE_V1, formatVerifierKey, signerKeyFrom } from '@muster/tlog/note';
import type { DeploymentEnvironment } from '@muster/contract/chaos';
import type { Role } from '@muster/contract/staff';
import type { Scenario } from '@muster/contract/scenarios';
import { appendEntry } from '@muster/core/audit/append-entry';
import { randomSalts } from '@muster/core/audit/salts';
import { refusalCounter } from '@muster/guard/refusal-counter';
import { writePathsOver } from '../src/platform/adapters/write-paths';
import { logSignerFrom } from '../src/platform/adapters/log-signer';
import { stateOfInstance, type Adapters } from '../src/platform/operations/adapters';
import type { Call, Operation } from '../src/platform/operations/operation';
import { NORMAL } from '@muster/guard/policy-document';
import { randomIds } from '@muster/core/ids';
import { cloudLog } from '@muster/core/log';
import type { Cost } from '@muster/core/meter';
import { firestoreSource } from '@muster/core/storage/firestore-source';
import { keptConnections } from '@muster/core/storage/rest-channel';
import { firebaseStaffDirectory } from '../src/platform/adapters/staff-directory';
import { storeOver, type CommitProtocol, type Pauses } from '@muster/core/storage/store';
import { transactionProtocol } from '@muster/core/storage/transaction-protocol';
import { verifyProtocol, type FirestoreEndpoint } from '@muster/core/storage/verify-protocol';

/** Tests ask no metadata server who they are; the look-up for it would only take time. */
process.env['METADATA_SERVER_DETECTION'] ??= 'none';

export const START = new Date('2026-03-31T09:00:00.000Z');
export const HOUR = 3_600_000;
/** For tries that are all in vain. */
export const NO_PAUSES: Pauses = { initialDelay: 1, maxDelay: 1 };

/** A key that tests alone know, of a log that is theirs. */
export const LOG_KEY = 'PRIVATE+KEY+log.test/audit+502a87d5+Ac/jNzs2ghLtGo3Wj30jZR8YiXaoCKrE+vhNwb7f9dfn';

/** Of two witnesses, whose seeds are 32 times 41 and 42. */
export const WITNESS_KEYS = [41, 42]
  .map((byte) => signerKeyFrom(`witness.test/${byte}`, new Uint8Array(32).fill(byte), COSIGNATURE_V1))
  .map(formatVerifierKey)
  .join(' ');

export const emulatorHost = (): string => {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  if (!host)
    throw new Error('This test needs the emulator suite: npm run emulated -- npx jest --selectProjects emulator');
  return host;
};

export interface Backend {
  projectId: string;
  firestore: Firestore;
  app: App;
  deps: Adapters;
  /** The time now; assign to move it. */
  clock: { now: Date };
  /** Every line that was logged, as written. */
  logged: string[];
  /** What was left to be done after the answer, by the order it was left in; a test runs it. */
  left: { what: string; task: () => Promise<void> }[];
  /** What each call cost, in the order of the calls. */
  costs: { operation: string; spent: Cost }[];
  /** Runs an operation as its transport would, after the token was verified. */
  run<Result>(operation: Runnable<Result>, input: unknown, call?: Call): Promise<Result>;
  auditEntries(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** An operation, whatever its contract: enough to run it and to know what it answers. */
export interface Runnable<Result> {
  name: string;
  run(deps: Adapters, call: Call, input: unknown): Promise<Result>;
}

export interface BackendOptions {
  protocol?: 'verify' | 'transaction';
  /** Stands in for the network of the commit call (of no read): delays, drops, counts. */
  fetch?: typeof fetch;
  /** Wraps the protocol: barriers between the reads and the commit. */
  around?: (protocol: CommitProtocol) => CommitProtocol;
  /** Between tries of a commit that was outrun; for tests in which every try is in vain. */
  pauses?: Pauses;
  /** Store the policy "normal" and one scenario, as a fresh installation has them. True unless set. */
  installed?: boolean;
  projectId?: string;
  /** What MUSTER_ENVIRONMENT would say; development unless set. */
  environment?: DeploymentEnvironment;
  /** Whether two persons are needed to end a restriction; false unless set. */
  twoPersons?: boolean;
}

export const newBackend = async (options: BackendOptions = {}): Promise<Backend> => {
  const projectId = options.projectId ?? `demo-t${randomBytes(6).toString('hex')}`;
  const firestore = new Firestore({ projectId });
  const app = initializeApp({ projectId }, projectId + randomBytes(3).toString('hex'));
  const clock = { now: START };
  const logged: string[] = [];
  const costs: Backend['costs'] = [];
  const kept = keptConnections();
  const endpoint: FirestoreEndpoint = {
    origin: `http://${emulatorHost()}`,
    projectId,
    databaseId: '(default)',
    accessToken: async () => 'owner',
    send: (url, init) => (options.fetch && url.endsWith(':commit') ? options.fetch(url, init) : kept(url, init)),
  };
  const protocol =
    options.protocol === 'transaction'
      ? transactionProtocol(firestore)
      : verifyProtocol(endpoint, () => firestoreSource(firestore));
  const log = cloudLog((line) => logged.push(line));
  const store = storeOver(options.around?.(protocol) ?? protocol, options.pauses);
  const left: Backend['left'] = [];
  const deps: Adapters = {
    clock: () => clock.now,
    ids: randomIds,
    log,
    store,
    refusals: refusalCounter({ store: storeOver(protocol), appendEntry, log }),
    perInstance: stateOfInstance(randomIds),
    outbound: { probe: async () => Promise.reject(new Error('this test probes nothing')) },
    courier: () => {
      throw new Error('this test delivers nothing');
    },
    signer: () => logSignerFrom(LOG_KEY),
    salts: randomSalts,
    wait: async () => undefined,
    writePaths: writePathsOver({ store, clock: () => clock.now, ids: randomIds, log }, () => endpoint),
    background: (what, task) => void left.push({ what, task }),
    appendEntry,
    directory: firebaseStaffDirectory(() => getAuth(app)),
    environment: options.environment ?? 'development',
    limits: {
      maxDrillMs: 24 * HOUR,
      twoPersons: options.twoPersons ?? false,
      rolesFrom: 'claims',
      identityDomains: ['example.com'],
      anonymous: false,
      retentionDays: 400,
      witnessKeys: WITNESS_KEYS,
      auditNamespaces: ['shop', 'billing.invoices'],
    },
    onCost: (operation, spent) => costs.push({ operation, spent }),
  };
  if (options.installed ?? true) {
    await firestore.doc('muster_policy/current').set(NORMAL);
    await firestore.doc(`muster_scenarios/${SCENARIO_ID}`).set(SCENARIO);
  }
  return {
    projectId,
    firestore,
    app,
    deps,
    clock,
    logged,
    left,
    costs,
    run: (operation, input, call = as('staff')) => operation.run(deps, call, input),
    async auditEntries() {
      const { docs } = await firestore.collection('muster_audit').orderBy('at').get();
      return docs.map((entry) => ({ id: entry.id, ...entry.data() }));
    },
    async close() {
      await firestore.terminate();
      await deleteApp(app);
    },
  };
};

/** A caller whose token was verified: signed in an hour before the tests begin. */
export const as = (role: Role | 'member', uid: string = `uid-${role}`): Call => ({
  identity: {
    uid,
    authTime: START.getTime() / 1000 - 3600,
    claimed: role === 'member' ? [] : [role],
    verifiedDomain: 'example.com',
  },
  confirmed: Promise.resolve(),
  correlationId: `test-${uid}`,
});

export const SCENARIO_ID = 'token-compromise';
export const SCENARIO: Scenario = {
  title: 'Token compromise',
  kind: 'tabletop',
  severity: 'P1',
  cadence: 'quarterly',
  summary: 'A token leaks.',
  objectives: ['Revoke it'],
  injects: [{ afterMinutes: 0, text: 'A token is in a public repository.' }],
  signals: ['Calls from an unknown address'],
  steps: ['Revoke the token'],
  source: null,
};

/** The refusal that a call ends in; fails the test when it ends in anything else. */
export const refusalOf = async (
  pending: Promise<unknown>,
): Promise<{ code: string; details: { reason: string; [more: string]: unknown } }> => {
  try {
    await pending;
  } catch (error) {
    return error as never;
  }
  throw new Error('the call was expected to be refused, and was not');
};

export type { Operation };
