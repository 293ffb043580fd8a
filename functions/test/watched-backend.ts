/**
 * A backend that checks what every operation must keep, after every call, so that no test can forget it: each
 * change has exactly one audit entry, a refusal changes nothing, and nothing costs more than it declares.
 */
import type { DocumentData } from '@google-cloud/firestore';
import { RECORDED_REASONS } from '@muster/contract/errors';
import type { Call } from '../src/platform/operations/operation';
import { REQUEST_ID_COST } from '../src/platform/operations/request-record';
import type { Budget, Cost } from '@muster/core/meter';
import { logicalName } from '@muster/core/storage/paths';
import type { CommitProtocol } from '@muster/core/storage/store';
import type { WorkSource } from '@muster/core/storage/work';
import { as, newBackend, refusalOf, type Backend, type BackendOptions, type Runnable } from './harness';
import { refusedSubject } from '@muster/guard/refusal-counter';
import { differencesBetween, stateOf, type Difference } from './stored-state';

/** An operation with its declared budget. */
export interface Watchable<Result> extends Runnable<Result> {
  cost: Budget;
}

export type Entry = Record<string, unknown> & { action: string; target: string; metadata: Record<string, unknown> };
export type Refusal = Awaited<ReturnType<typeof refusalOf>>;

export interface Watched {
  backend: Backend;
  /** Runs an operation and checks the laws; remembers the entry it left. */
  call<Result>(operation: Watchable<Result>, input: object, call?: Call): Promise<Result>;
  /** The refusal of a call, of which it is checked that it changed nothing; the guard's are counted. */
  refused(operation: Watchable<unknown>, input: unknown, call?: Call): Promise<Refusal>;
  /** Takes what happened past the watch, in a race or in a job, as given. */
  settle(): Promise<void>;
  /** Stores what a test starts from, past every operation; undefined removes the document. */
  given(path: string, data: DocumentData | undefined): Promise<void>;
  /** The audit entry of the last call; fails the test when it left none. */
  entry(): Entry;
  /** Whether the last call changed anything. */
  changedSomething(): boolean;
}

/** What passed the database's door during a call. */
interface Passed extends Cost {
  /** Paths of the last commit, written or not changed by it. */
  staged: string[];
}

export const watchedBackend = async (options: BackendOptions = {}): Promise<Watched> => {
  const passed: Passed = { reads: 0, writes: 0, staged: [] };
  const backend = await newBackend({ ...options, around: (protocol) => counting(protocol, passed) });
  let state = await stateOf(backend.firestore);
  let last: Difference = NOTHING;

  const difference = async (): Promise<Difference> => {
    const before = state;
    state = await stateOf(backend.firestore);
    return differencesBetween(before, state);
  };

  return {
    backend,

    async call(operation, input, call = as('staff')) {
      Object.assign(passed, { reads: 0, writes: 0, staged: [] });
      const ran = backend.costs.length;
      const response = await backend.run(operation, input, call);
      last = await difference();

      const requestId = 'requestId' in input;
      expectOneEntryPerChange(last, passed.staged, call, backend.clock.now);
      const { reads, writes } = passed;
      expect(backend.costs.slice(ran)).toEqual([{ operation: operation.name, spent: { reads, writes } }]);
      expectWithin(operation.cost, passed, rowsIn(response), requestId);
      return response;
    },

    async refused(operation, input, call = as('staff')) {
      const refusal = await refusalOf(backend.run(operation, input, call));
      expect(refusal).toMatchObject({ name: 'MusterError' });
      expectNothingButItsCount(await difference(), refusal, operation.name);
      return refusal;
    },

    async settle() {
      state = await stateOf(backend.firestore);
    },

    async given(path, data) {
      await (data === undefined ? backend.firestore.doc(path).delete() : backend.firestore.doc(path).set(data));
      state = await stateOf(backend.firestore);
    },

    entry() {
      const [entry] = entriesIn(last);
      if (!entry) throw new Error('the last call left no audit entry');
      return entry;
    },

    changedSomething: () => last.created.length + last.changed.length > 0,
  };
};

/**
 * A refusal for a reason that is recorded leaves its count, and one entry for the first of a minute; any other leaves
 * nothing.
 */
const expectNothingButItsCount = (found: Difference, { details }: Refusal, operation: string): void => {
  const recorded = RECORDED_REASONS.find((reason) => reason === details.reason);
  if (!recorded) {
    expect(found).toEqual(NOTHING);
    return;
  }
  const paths = [...found.created, ...found.changed].map(({ path }) => path);
  expect(paths.filter((path) => !/^muster_(?:refusals|denials|audit)\//u.test(path))).toEqual([]);
  expect(paths.filter((path) => path.startsWith('muster_refusals/'))).toHaveLength(1);
  expect(found.removed).toEqual([]);
  for (const { path, data } of found.created.filter((one) => one.path.startsWith('muster_audit/'))) {
    expect({ path, ...data }).toMatchObject({
      action: `${refusedSubject({ reason: recorded, capability: operation })}.refused`,
      outcome: 'refused',
    });
    expect(data).toMatchObject({ metadata: { reason: details.reason } });
  }
};

const NOTHING: Difference = { created: [], changed: [], removed: [] };

const entriesIn = ({ created }: Difference): Entry[] =>
  created.filter(({ path }) => path.startsWith('muster_audit/')).map(({ data }) => data as Entry);

/** Law 1, law 5 and law 7, from what is stored and not from what the operation says. */
const expectOneEntryPerChange = (difference: Difference, staged: string[], call: Call, now: Date): void => {
  const { created, changed, removed } = difference;
  const product = staged.filter((path) => !/^muster_(?:audit|requests|accountCalls)\//u.test(path));
  const entries = entriesIn(difference);

  // What is removed at all: what an experiment has registered.
  expect(
    removed.filter(({ path }) => !/^muster_connector(?:s|Queues|Writes)\/chaos-|^muster_connectorWrites\//u.test(path)),
  ).toEqual([]);
  expect(changed.filter(({ path }) => path.startsWith('muster_audit/'))).toEqual([]);
  expect(staged).toEqual(expect.arrayContaining([...created, ...changed, ...removed].map(({ path }) => path)));
  expect(entries).toHaveLength(product.length > 0 ? 1 : 0);
  for (const entry of entries) {
    expect(entry).toMatchObject({ actorId: call.identity.uid, correlationId: call.correlationId });
    expect(entry).toMatchObject({ at: { seconds: Math.floor(now.getTime() / 1000) } });
    // An entry of the product's own is about what Muster does not store.
    if (product.every((path) => path.startsWith('muster_auditAppends/'))) continue;
    expect(entry).toMatchObject({ outcome: 'success' });
    expect(entry['exercise']).toBe(product.some((path) => /^muster_(?:drills|experiments)\//u.test(path)));
    expect(product.map(logicalName)).toContain(entry.target);
  }
  for (const { path, data } of [...created, ...changed].filter((one) =>
    /^muster_(?:drills|experiments)\/[^/]+$/u.test(one.path),
  )) {
    expect({ path, exercise: data['exercise'] }).toEqual({ path, exercise: true });
  }
};

/** Law 9: what was declared, and no more. `rows` are what the answer lists. */
export const expectWithin = (budget: Budget, spent: Cost, rows: number, requestId: boolean): void => {
  const request = requestId ? REQUEST_ID_COST : { reads: 0, writes: 0 };
  expect(spent.reads).toBeLessThanOrEqual(budget.reads + (budget.readsPerRow ?? 0) * rows + request.reads);
  expect(spent.writes).toBeLessThanOrEqual(budget.writes + (budget.writesPerRow ?? 0) * rows + request.writes);
};

const rowsIn = (response: unknown): number => {
  const lists = Object.values(response as object).filter((value) => Array.isArray(value));
  return Math.max(0, ...lists.map((list) => list.length));
};

/** Counts at the database's door, so that the platform's own meter is checked and not merely believed. */
const counting = (protocol: CommitProtocol, passed: Passed): CommitProtocol => {
  const watched = (source: WorkSource): WorkSource => ({
    async fetch(paths) {
      passed.reads += paths.length;
      return source.fetch(paths);
    },
    async query(query) {
      const found = await source.query(query);
      passed.reads += Math.max(1, found.length);
      return found;
    },
    async count(query) {
      const counted = await source.count(query);
      passed.reads += Math.max(1, Math.ceil(counted / 1000));
      return counted;
    },
  });
  return {
    source: watched(protocol.source),
    within: (use) =>
      protocol.within(async (source) => {
        const used = await use(watched(source));
        passed.writes += used.writes.length;
        passed.staged = used.writes.map(({ path }) => path);
        return used;
      }),
  };
};
