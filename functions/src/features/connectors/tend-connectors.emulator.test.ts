import { as, START, type BackendOptions } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { runJob } from '../../platform/operations/job';
import type { OutboundResult } from '../../platform/adapters/outbound';
import { NORMAL } from '@muster/guard/policy-document';
import { connectorHealth, listConnectors, registerConnector, tendConnectors } from '.';
import { policyLedger } from '../policy';

const OK: OutboundResult = { ok: true, latencyMs: 12, status: 200 };
const BAD: OutboundResult = { ok: false, latencyMs: 2000, status: 503, failure: 'bad_status' };
const minutes = (count: number) => new Date(START.getTime() + count * 60_000);

let watched: Watched;
let asked: string[];
let answer: (id: string) => OutboundResult | Promise<OutboundResult>;
beforeEach(() => begin());
afterEach(() => watched.backend.close());

const begin = async (options: BackendOptions = {}) => {
  watched = await watchedBackend(options);
  asked = [];
  answer = () => OK;
  watched.backend.deps.outbound = {
    ...watched.backend.deps.outbound,
    async probe({ url }) {
      const [id = ''] = new URL(url).hostname.split('.');
      asked.push(id);
      return answer(id);
    },
  };
};

const register = (connectorId: string, put: object = {}) =>
  watched.backend.run(registerConnector, {
    connectorId,
    name: connectorId,
    url: `https://${connectorId}.example.com/`,
    ...put,
  });
const tend = (minute: number) => runJob(watched.backend.deps, tendConnectors, minutes(minute));
const costs = () => watched.backend.costs.at(-1)?.spent;
/** What the run left in the audit, by action. */
const entriesOf = async (minute: number) =>
  (await watched.backend.auditEntries()).filter(
    ({ correlationId }) => correlationId === `connectors_tend@${minutes(minute).toISOString()}`,
  );
const actionsOf = async (minute: number) =>
  (await entriesOf(minute)).map(({ action }) => String(action)).toSorted((a, b) => (a < b ? -1 : 1));
const offline = async () => {
  const { offline: entries } = (await watched.backend.firestore.doc('muster_policy/current').get()).data() ?? {};
  return Object.keys(entries as object).toSorted();
};
const stored = async (id: string) => (await watched.backend.firestore.doc(`muster_connectors/${id}`).get()).data();

test('writes nothing at all when nothing is registered', async () => {
  await tend(0);
  expect(costs()).toEqual({ reads: 2, writes: 0 });
  await watched.given('muster_policy/current', undefined);
  await tend(1);
  expect(await watched.backend.auditEntries()).toEqual([]);
  expect(watched.backend.logged).toEqual([]);
});

test('probes all, ten at once at the most, and leaves one entry for all of them', async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `c${index}`);
  for (const id of ids) await register(id);
  let now = 0;
  let most = 0;
  answer = async (id) => {
    most = Math.max(most, (now += 1));
    await new Promise((done) => setImmediate(done));
    now -= 1;
    return id === 'c7' ? BAD : OK;
  };
  await tend(1);
  expect(asked.toSorted()).toEqual(ids.toSorted());
  expect(most).toBe(10);
  expect(await entriesOf(1)).toMatchObject([
    { action: 'connectors.probed', metadata: { probed: 25, failed: 1, moved: [] }, actorType: 'system' },
  ]);
  expect(costs()).toEqual({ reads: 1 + 2 * 25, writes: 25 + 1 });
  expect(await stored('c7')).toMatchObject({ failures: 1, lastFailure: 'bad_status' });
});

test.each(['verify', 'transaction'] as const)(
  'the outage of one is entered and left by policy, over %s',
  async (protocol) => {
    await watched.backend.close();
    await begin({ protocol });
    await register('github');
    await register('jira');
    answer = (id) => (id === 'github' ? BAD : OK);
    for (const minute of [1, 2]) await tend(minute);
    expect(await offline()).toEqual([]);
    await tend(3);
    expect(await offline()).toEqual(['github']);
    expect(await actionsOf(3)).toEqual(['connectors.offline_entered', 'connectors.probed']);
    expect((await entriesOf(3)).find(({ action }) => action === 'connectors.probed')).toMatchObject({
      metadata: { probed: 2, failed: 1, moved: [{ connector: 'github', was: 'closed', breaker: 'open' }] },
    });

    answer = () => OK;
    for (const minute of [4, 5, 6, 7]) await tend(minute);
    expect(await offline()).toEqual(['github']);
    await tend(8);
    expect(await offline()).toEqual([]);
    expect(await actionsOf(8)).toEqual(['connectors.offline_left', 'connectors.probed']);
    await watched.settle();
    const { activations } = await watched.call(policyLedger, { name: 'github' }, as('auditor'));
    expect(activations).toMatchObject([{ end: 'recovered', durationMs: 5 * 60_000, endedBy: 'muster' }]);
  },
);

test('a run that is repeated, late, or eight at once, counts once', async () => {
  await register('github');
  answer = () => BAD;
  await Promise.all(Array.from({ length: 8 }, () => tend(1)));
  const before = asked.length;
  await tend(1);
  await tend(0);
  expect(asked).toHaveLength(before);
  expect(await stored('github')).toMatchObject({ failures: 1 });
  await tend(2);
  await Promise.all(Array.from({ length: 8 }, () => tend(3)));
  expect(await offline()).toEqual(['github']);
  expect(await stored('github')).toMatchObject({ failures: 3 });
  expect(await actionsOf(3)).toEqual(['connectors.offline_entered', 'connectors.probed']);
});

test('a run that died between breaker and policy is made good by the next, while nobody is asked', async () => {
  await register('github', { failuresToOpen: 1, retryAfterSeconds: 3600 });
  answer = () => BAD;
  const { store } = watched.backend.deps;
  let commits = 0;
  const dying: typeof store = {
    read: (meter) => store.read(meter),
    // The look and the findings; the policy is not reached any more.
    change: async (meter, attempt) => {
      if ((commits += 1) > 2) throw new Error('the process is gone');
      return store.change(meter, attempt);
    },
  };
  const died = runJob({ ...watched.backend.deps, store: dying }, tendConnectors, minutes(1));
  await expect(died).rejects.toThrow('the process is gone');
  expect([(await stored('github'))?.['openedAt'], await offline()]).toEqual([expect.anything(), []]);

  asked = [];
  await tend(2);
  expect(asked).toEqual([]);
  expect(await offline()).toEqual(['github']);
  expect(await actionsOf(2)).toEqual(['connectors.offline_entered']);
});

test('a damaged record is counted and named in the log, and the others are tended', async () => {
  await register('github', { failuresToOpen: 1 });
  await watched.given('muster_connectors/broken', { nonsense: true });
  answer = () => BAD;
  await tend(1);
  expect(asked).toEqual(['github']);
  expect(await offline()).toEqual(['github']);
  expect(watched.backend.logged.join()).toContain('"connector":"broken"');
  expect((await entriesOf(1)).find(({ action }) => action === 'jobs.connectors_tend.ran')).toMatchObject({
    outcome: 'failed',
    metadata: { found: 2, probed: 1, entered: 1, malformed: 1 },
  });
});

test.each([
  ['missing', undefined],
  ['damaged', { version: 4, mode: 'off' }],
])(
  'a policy that is %s is not mended; probing goes on, and what was missed is entered afterwards',
  async (_, policy) => {
    await register('github', { failuresToOpen: 1 });
    answer = () => BAD;
    await watched.given('muster_policy/current', policy);
    await tend(1);
    expect((await watched.backend.firestore.doc('muster_policy/current').get()).data()).toEqual(policy);
    expect(await stored('github')).toMatchObject({ failures: 1, lastFailure: 'bad_status' });
    expect(watched.backend.logged.filter((line) => line.includes('"severity":"CRITICAL"'))).not.toEqual([]);
    await watched.given('muster_policy/current', NORMAL);
    await tend(2);
    expect(await offline()).toEqual(['github']);
  },
);

test('what is registered anew while it is probed forgets the finding, and one that is no more is offline no more', async () => {
  await register('github', { failuresToOpen: 1 });
  answer = async () => {
    await register('github', { failuresToOpen: 1, timeoutMs: 700 });
    return BAD;
  };
  await tend(1);
  expect(await stored('github')).toMatchObject({ failures: 0, lastProbedAt: null });
  expect(await actionsOf(1)).toEqual([]);

  answer = () => BAD;
  await tend(2);
  await watched.given('muster_connectors/github', undefined);
  await tend(3);
  expect(await offline()).toEqual([]);
  expect(await entriesOf(3)).toMatchObject([{ action: 'connectors.offline_left', metadata: { end: 'removed' } }]);
});

test('no probe begins after 25 seconds, and who was left out comes first in the next run', async () => {
  const ids = Array.from({ length: 15 }, (_, index) => `c${String(index).padStart(2, '0')}`);
  for (const id of ids) await register(id);
  const began = watched.backend.clock.now;
  answer = () => {
    watched.backend.clock.now = new Date(began.getTime() + 25_000);
    return OK;
  };
  await tend(1);
  const first = [...asked];
  expect(first.length).toBeLessThan(15);
  asked = [];
  answer = () => OK;
  await tend(2);
  expect(asked.slice(0, 15 - first.length)).toEqual(ids.filter((id) => !first.includes(id)));
});

test('as many as there can be cost what is declared', async () => {
  const batch = watched.backend.firestore.batch();
  await register('c-0', { failuresToOpen: 1 });
  const one = (await stored('c-0')) ?? {};
  for (let n = 1; n < 150; n += 1) batch.set(watched.backend.firestore.doc(`muster_connectors/c-${n}`), one);
  await batch.commit();
  answer = () => BAD;
  await tend(1);
  expect(await offline()).toHaveLength(150);
  const { reads, writes } = costs() ?? { reads: Infinity, writes: Infinity };
  const { cost } = tendConnectors;
  expect(reads).toBeLessThanOrEqual(cost.reads + 150 * (cost.readsPerRow ?? 0));
  expect(writes).toBeLessThanOrEqual(cost.writes + 150 * (cost.writesPerRow ?? 0));
  await watched.settle();
  expect((await watched.call(connectorHealth, {}, as('auditor'))).connectors).toHaveLength(150);
  expect((await watched.call(listConnectors, { limit: 200 }, as('auditor'))).connectors).toHaveLength(150);
});
