/** A guard as a product has it, over the project of a backend in process; clock, network and timers are the test's. */
import { appendEntry } from '@muster/core/audit/append-entry';
import { firestoreSource } from '@muster/core/storage/firestore-source';
import { guardOver, type Guard } from '../src/guard';
import type { GuardDeps } from '../src/guard-deps';
import type { ProductRequest } from '../src/guard-request';
import { randomIds } from '@muster/core/ids';
import { cloudLog } from '@muster/core/log';
import { firestoreFeed } from '../src/policy-feed';
import { refusalCounter } from '../src/refusal-counter';
import { keptConnections, type Send } from '@muster/core/storage/rest-channel';
import { storeOver, type CommitProtocol, type Pauses } from '@muster/core/storage/store';
import { transactionProtocol } from '@muster/core/storage/transaction-protocol';
import { verifyProtocol, type FirestoreEndpoint } from '@muster/core/storage/verify-protocol';
import { emulatorHost, START, type Backend } from '@muster/functions/test/harness';

export interface GuardUnderTest {
  guard: Guard;
  /** Paths of each commit that was sent over REST, in order. */
  commits: string[][];
  /** Reads that were sent over REST. */
  reads: string[][];
  logged: string[];
  /** Runs what the guard does every so often, once. */
  tick(): void;
}

export type GuardSettings = Pick<Partial<GuardDeps>, 'catalog' | 'cacheBoundMs' | 'feed' | 'source' | 'clock'> & {
  protocol?: 'verify' | 'transaction';
  endpoint?: Partial<FirestoreEndpoint>;
  around?: (protocol: CommitProtocol) => CommitProtocol;
  /** Between tries of a commit that was outrun. */
  pauses?: Pauses;
};

export const guardIn = (backend: Backend, settings: GuardSettings = {}): GuardUnderTest => {
  const { protocol: name = 'verify', endpoint = {}, around = (same) => same, pauses, ...own } = settings;
  const commits: string[][] = [];
  const reads: string[][] = [];
  const logged: string[] = [];
  const tasks: (() => void)[] = [];
  const kept = keptConnections();
  const send: Send = (url, init) => {
    if (url.endsWith(':commit')) commits.push(pathsIn(init.body, 'writes'));
    else reads.push(pathsIn(init.body, 'documents'));
    return (endpoint.send ?? kept)(url, init);
  };
  const protocol =
    name === 'transaction'
      ? transactionProtocol(backend.firestore)
      : verifyProtocol({ ...endpointOf(backend.projectId), ...endpoint, send }, () =>
          firestoreSource(backend.firestore),
        );
  const store = storeOver(around(protocol), pauses);
  const log = cloudLog((line) => logged.push(line));
  const guard = guardOver({
    store,
    source: protocol.source,
    feed: firestoreFeed(backend.firestore),
    clock: () => backend.clock.now,
    ids: randomIds,
    log,
    refusals: refusalCounter({ store: storeOver(protocol), appendEntry, log }),
    every(_ms, task) {
      tasks.push(task);
      return () => void tasks.splice(tasks.indexOf(task), 1);
    },
    ...own,
  });
  return { guard, commits, reads, logged, tick: () => tasks.forEach((task) => task()) };
};

const endpointOf = (projectId: string): Omit<FirestoreEndpoint, 'send'> => ({
  origin: `http://${emulatorHost()}`,
  projectId,
  databaseId: '(default)',
  accessToken: async () => 'owner',
});

/** Every document named in a request, without its database. */
const pathsIn = (body: string, field: 'writes' | 'documents'): string[] =>
  [...JSON.stringify((JSON.parse(body) as Record<string, unknown>)[field]).matchAll(/\/documents\/([^"]+)"/gu)].map(
    ([, path]) => path ?? '',
  );

/** Signed in an hour before the tests begin, as the callers of `harness.ts` are. */
export const SIGNED_IN = START.getTime() / 1000 - 3600;

export const asking = (capability: string, more: Partial<ProductRequest> = {}): ProductRequest => ({
  capability,
  actor: 'uid-agent',
  ...more,
});

/** A promise with its ends outside: what a test waits for, or holds back. */
export const barrier = (): { reached: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const reached = new Promise<void>((resolve) => (open = resolve));
  return { reached, open: () => open() };
};
