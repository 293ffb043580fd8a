import { as, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { OutboundResult } from '../../platform/adapters/outbound';
import { connectorHealth, probeConnector, registerConnector } from '.';
import { getPolicy, killCapability, policyLedger, restoreCapability } from '../policy';

const settings = { name: 'GitHub', url: 'https://status.example.com/ping' };
const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const OK: OutboundResult = { ok: true, latencyMs: 12, status: 200 };
const BAD: OutboundResult = { ok: false, latencyMs: 2000, status: null, failure: 'timeout' };

let watched: Watched;
let answers: OutboundResult;
let asked: string[];
beforeEach(async () => {
  watched = await watchedBackend();
  answers = OK;
  asked = [];
  probing(async (url) => {
    asked.push(url);
    return answers;
  });
});
afterEach(() => watched.backend.close());

/** Whoever is probed from now on answers so. */
const probing = (answer: (url: string) => Promise<OutboundResult>) => {
  watched.backend.deps.outbound = { ...watched.backend.deps.outbound, probe: ({ url }) => answer(url) };
};
const register = (connectorId: string, put: object = {}) =>
  watched.call(registerConnector, { connectorId, ...settings, ...put });
const probe = (connectorId: string) => watched.call(probeConnector, { connectorId });
const health = () => watched.call(connectorHealth, {}, as('auditor'));
const offline = async () => (await watched.call(getPolicy, {}, as('auditor'))).offline;
const ledger = async () => (await watched.call(policyLedger, { name: 'github' }, as('auditor'))).activations;

test('the breaker opens as declared, and with it the product goes offline for this connector alone', async () => {
  await register('github', {
    failuresToOpen: 2,
    retryAfterSeconds: 30,
    successesToClose: 2,
    offlineAtLeastSeconds: 90,
  });
  await probe('github');
  expect(watched.entry()).toMatchObject({
    action: 'connectors.probed',
    metadata: { was: 'closed', breaker: 'closed' },
  });
  answers = BAD;
  expect(await probe('github')).toMatchObject({ ok: false, connector: { breaker: 'closed', lastFailure: 'timeout' } });
  const offlineSince = START.toISOString();
  expect(await probe('github')).toMatchObject({ ok: false, connector: { breaker: 'open', offlineSince } });
  expect(watched.entry()).toMatchObject({
    action: 'connectors.offline_entered',
    target: 'connectors/github',
    rationale: '2 failures in a row, the last: timeout',
    metadata: { was: 'closed', breaker: 'open', failure: 'timeout' },
  });
  expect(await offline()).toMatchObject([{ connector: 'github', since: offlineSince }]);
  expect(await ledger()).toMatchObject([{ kind: 'connector_offline', name: 'github', by: 'muster', endedAt: null }]);

  answers = OK;
  watched.backend.clock.now = later(29);
  expect(await probe('github')).toMatchObject({ probed: false, connector: { breaker: 'open', offlineSince } });
  expect(watched.changedSomething()).toBe(false);
  expect(asked).toHaveLength(3);

  watched.backend.clock.now = later(30);
  expect(await health()).toMatchObject({ healthy: false, connectors: [{ state: 'offline', breaker: 'half_open' }] });
  answers = BAD;
  expect(await probe('github')).toMatchObject({ probed: true, connector: { breaker: 'open', offlineSince } });
  expect(watched.entry()).toMatchObject({ action: 'connectors.probed', metadata: { was: 'half_open' } });
  answers = OK;
  for (const seconds of [60, 89]) {
    watched.backend.clock.now = later(seconds);
    expect(await probe('github')).toMatchObject({ ok: true, connector: { breaker: 'closed', offlineSince } });
  }
  watched.backend.clock.now = later(90);
  expect(await probe('github')).toMatchObject({ ok: true, connector: { breaker: 'closed', offlineSince: null } });
  expect(watched.entry()).toMatchObject({
    action: 'connectors.offline_left',
    metadata: { end: 'recovered', since: offlineSince },
  });
  expect(await offline()).toEqual([]);
  expect(await ledger()).toMatchObject([{ end: 'recovered', endedAt: later(90).toISOString(), durationMs: 90_000 }]);
  expect(await health()).toMatchObject({
    healthy: true,
    connectors: [{ state: 'up', lastOkAt: later(90).toISOString() }],
  });
});

test('registered with other settings, what was found is forgotten, and it stays offline until probes end that', async () => {
  answers = BAD;
  await register('github', { failuresToOpen: 1, successesToClose: 1, offlineAtLeastSeconds: 0 });
  await probe('github');
  expect(await offline()).toHaveLength(1);
  const anew = { failuresToOpen: 2, successesToClose: 1, offlineAtLeastSeconds: 0 };
  expect(await register('github', anew)).toMatchObject({
    replaced: true,
    connector: { breaker: 'closed', offlineSince: START.toISOString(), lastFailure: null },
  });
  expect(await register('github', anew)).toMatchObject({ changed: false });
  expect(await offline()).toHaveLength(1);
  answers = OK;
  expect(await probe('github')).toMatchObject({ connector: { offlineSince: null } });
  expect(await ledger()).toMatchObject([{ end: 'recovered', endedBy: 'muster' }]);
});

test('a probe is asked once and by nobody whose session has ended, and what it found of other settings is dropped', async () => {
  await register('github');
  probing(async (url) => {
    asked.push(url);
    // Another changes the record while the probe is on its way.
    if (asked.length === 1) await watched.backend.firestore.doc('muster_connectors/github').update({ failures: 1 });
    if (asked.length === 2) await watched.backend.firestore.doc('muster_connectors/github').update({ timeoutMs: 700 });
    return answers;
  });
  expect(await watched.backend.run(probeConnector, { connectorId: 'github' })).toMatchObject({ probed: true });
  expect(await watched.backend.run(probeConnector, { connectorId: 'github' })).toMatchObject({
    probed: false,
    connector: { timeoutMs: 700 },
  });
  expect(asked).toHaveLength(2);
  await watched.settle();

  await watched.given('muster_revocations/uid-staff', { validAfter: START, withdrawn: [] });
  await watched.refused(probeConnector, { connectorId: 'github' });
  expect(asked).toHaveLength(2);
});

test.each([
  ['missing', undefined],
  ['damaged', { version: 4, mode: 'off' }],
])('over a policy that is %s, what was found is kept, nothing is repaired, and the log says so', async (_, stored) => {
  answers = BAD;
  await register('github', { failuresToOpen: 1 });
  await watched.given('muster_policy/current', stored);
  expect(await probe('github')).toMatchObject({ probed: true, connector: { breaker: 'open', offlineSince: null } });
  expect(watched.entry()).toMatchObject({ action: 'connectors.probed' });
  expect(watched.backend.logged.join()).toContain('"severity":"CRITICAL"');
  expect((await watched.backend.firestore.doc('muster_policy/current').get()).data()).toEqual(stored);
  expect(await health()).toMatchObject({ healthy: false, connectors: [{ state: 'paused' }] });
  expect(await register('github', { failuresToOpen: 2 })).toMatchObject({ changed: true });
});

test('an id that every object has as a name of its own is like any other', async () => {
  answers = BAD;
  await register('constructor', { failuresToOpen: 1 });
  expect(await register('constructor', { failuresToOpen: 2 })).toMatchObject({ replaced: true });
  await register('constructor', { failuresToOpen: 1 });
  expect(await probe('constructor')).toMatchObject({ connector: { offlineSince: START.toISOString() } });
  expect(await offline()).toMatchObject([{ connector: 'constructor' }]);
  expect(await register('constructor', { failuresToOpen: 2 })).toMatchObject({
    replaced: true,
    connector: { offlineSince: START.toISOString() },
  });
});

describe('while everything is killed', () => {
  const killed = {
    details: { reason: 'BLOCKED_BY_KILL_SWITCH', state: 'killed', next: expect.stringContaining('restore') },
  };
  const reason = 'a staff account may be in other hands';
  beforeEach(async () => {
    await register('github');
    await watched.call(killCapability, { capability: '*', reason });
  });

  test('nothing goes out because staff asks for it, and it does again when it is restored', async () => {
    expect(await watched.refused(probeConnector, { connectorId: 'github' })).toMatchObject(killed);
    expect(asked).toEqual([]);
    await watched.call(restoreCapability, { capability: '*', reason: 'it is in the right hands' });
    expect(await probe('github')).toMatchObject({ probed: true });
    expect(asked).toEqual([settings.url]);
  });

  test.each<[string, string, object]>([
    ['another address of one that is there', 'github', { url: 'https://drop.example.com/?q=what-i-found' }],
    ['another place to deliver to', 'github', { deliverTo: 'https://drop.example.com/' }],
    ['a new connector', 'jira', {}],
  ])('%s is not taken, so the schedule asks nobody new', async (_what, connectorId, put) => {
    const typed = { connectorId, ...settings, ...put };
    expect(await watched.refused(registerConnector, typed)).toMatchObject(killed);
    await watched.call(restoreCapability, { capability: '*', reason: 'it is in the right hands' });
    expect(await watched.call(registerConnector, typed)).toMatchObject({ changed: true });
  });

  test('what sends to nobody new can be changed', async () => {
    expect(await register('github', { timeoutMs: 500 })).toMatchObject({ changed: true, replaced: true });
    expect(await register('github', { timeoutMs: 500 })).toMatchObject({ changed: false });
  });

  test('a kill switch of less stops no looking', async () => {
    await watched.call(restoreCapability, { capability: '*', reason: 'it is in the right hands' });
    await watched.call(killCapability, { capability: 'connector.github', reason });
    expect(await probe('github')).toMatchObject({ probed: true, ok: true });
  });
});
