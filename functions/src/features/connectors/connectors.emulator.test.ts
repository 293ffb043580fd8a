import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { OutboundResult } from '../../platform/adapters/outbound';
import { NORMAL } from '@muster/guard/policy-document';
import { connectorHealth, listConnectors, pauseConnector, probeConnector, registerConnector, resumeConnector } from '.';
import { policyLedger } from '../policy';

const settings = { name: 'GitHub', url: 'https://status.example.com/ping' };
const reason = 'it answers with nonsense';
const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const OK: OutboundResult = { ok: true, latencyMs: 12, status: 200 };

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
  probing(async () => OK);
});
afterEach(() => watched.backend.close());

/** Whoever is probed from now on answers so. */
const probing = (answer: () => Promise<OutboundResult>) => {
  watched.backend.deps.outbound = { ...watched.backend.deps.outbound, probe: answer };
};
const register = (connectorId: string, put: object = {}) =>
  watched.call(registerConnector, { connectorId, ...settings, ...put });
const probe = (connectorId: string) => watched.call(probeConnector, { connectorId });
const health = () => watched.call(connectorHealth, {}, as('auditor'));

test('a connector is registered once; other settings replace it, and say so', async () => {
  const { connector, ...first } = await register('github');
  expect(first).toEqual({ changed: true, replaced: false, held: 0 });
  expect(connector).toMatchObject({ id: 'github', timeoutMs: 2000, breaker: 'closed', lastProbedAt: null });
  expect(watched.entry()).toMatchObject({ action: 'connectors.registered', target: 'connectors/github' });

  expect(await register('github')).toMatchObject({ changed: false, replaced: false });
  await probe('github');
  const replaced = await register('github', { timeoutMs: 500 });
  expect(replaced).toMatchObject({ changed: true, replaced: true, connector: { timeoutMs: 500, lastProbedAt: null } });
  expect(watched.entry()).toMatchObject({ metadata: { replaced: true } });
});

test('bad input is refused by name, and request ids are kept', async () => {
  await expectBadInputIsNamed(watched, registerConnector, { connectorId: 'github', ...settings }, [
    ...NEVER,
    ['two words', { connectorId: 'a.b' }, 'connectorId'],
    ['a long id', { connectorId: 'a'.repeat(41) }, 'connectorId'],
    ['http', { url: 'http://a.example/' }, 'url'],
    ['a password', { url: 'https://u:p@a.example/' }, 'url'],
    ['a fragment', { url: 'https://a.example/#' }, 'url'],
    ['another port', { url: 'https://a.example:22/' }, 'url'],
    ['no time', { timeoutMs: 99 }, 'timeoutMs'],
    ['too long', { timeoutMs: 5001 }, 'timeoutMs'],
    ['no failure', { failuresToOpen: 0 }, 'failuresToOpen'],
    ['no pause', { retryAfterSeconds: 0 }, 'retryAfterSeconds'],
    ['no success', { successesToClose: 0 }, 'successesToClose'],
    ['offline for days', { offlineAtLeastSeconds: 3601 }, 'offlineAtLeastSeconds'],
    ['deliveries in the open', { deliverTo: 'http://a.example/' }, 'deliverTo'],
    ['a word for yes', { repeatable: 'yes' }, 'repeatable'],
  ]);
  const input = (connectorId: string) => ({ connectorId, ...settings });
  await expectRequestIdsAreKept(watched, registerConnector, {
    one: input('one'),
    other: input('other'),
    forAnotherUser: input('another'),
  });
  const about = (connectorId: string) => ({ connectorId });
  await expectRequestIdsAreKept(watched, probeConnector, {
    one: about('one'),
    other: about('another'),
    forAnotherUser: about('one'),
  });
  await expectRequestIdsAreKept(watched, pauseConnector, {
    one: { connectorId: 'one', reason },
    other: { connectorId: 'another', reason },
    forAnotherUser: { connectorId: 'another', reason },
  });
  await expectRequestIdsAreKept(watched, resumeConnector, {
    one: { connectorId: 'one', reason },
    other: { connectorId: 'another', reason },
    forAnotherUser: { connectorId: 'another', reason },
  });
  await expectBadInputIsNamed(watched, probeConnector, about('one'), NEVER);
  for (const operation of [pauseConnector, resumeConnector]) {
    await expectBadInputIsNamed(watched, operation, { connectorId: 'one', reason }, [
      ...NEVER,
      ['a word for a reason', { reason: 'because' }, 'reason'],
    ]);
  }
});

test('what is not registered is unknown, and pausing it is no containment that failed', async () => {
  for (const [operation, input] of [
    [probeConnector, {}],
    [pauseConnector, { reason }],
    [resumeConnector, { reason }],
  ] as const) {
    expect(await watched.refused(operation, { connectorId: 'nobody', ...input })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_CONNECTOR' },
    });
  }
});

test('the list is paged, newest first', async () => {
  for (const [index, id] of ['one', 'two', 'three'].entries()) {
    watched.backend.clock.now = later(index);
    await register(id);
  }
  const first = await watched.call(listConnectors, { limit: 2 }, as('auditor'));
  expect(first.connectors.map(({ id }) => id)).toEqual(['three', 'two']);
  const rest = await watched.call(listConnectors, { limit: 2, cursor: first.nextCursor }, as('auditor'));
  expect(rest).toMatchObject({ connectors: [{ id: 'one' }], nextCursor: null });
});

test('there are 150 at the most, and any of them can still be registered anew', async () => {
  const batch = watched.backend.firestore.batch();
  for (let n = 0; n < 150; n += 1) batch.set(watched.backend.firestore.doc(`muster_connectors/c-${n}`), { n });
  await batch.commit();
  await watched.settle();
  expect(await watched.refused(registerConnector, { connectorId: 'github', ...settings })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'TOO_MANY' },
  });
  expect(await register('c-1')).toMatchObject({ changed: true, replaced: true });
});

test('health asks nobody, and says what is up, down, unknown and paused', async () => {
  probing(() => new Promise<never>(() => undefined));
  await register('github');
  await register('jira');
  expect(await watched.call(pauseConnector, { connectorId: 'jira', reason })).toMatchObject({
    killSwitch: { capability: 'connector.jira', reason },
  });
  const states = async () => Object.fromEntries((await health()).connectors.map(({ id, state }) => [id, state]));
  expect(await states()).toEqual({ github: 'unknown', jira: 'paused' });
  const { activations } = await watched.call(policyLedger, { name: 'connector.jira' });
  expect(activations).toHaveLength(1);

  expect(await watched.call(resumeConnector, { connectorId: 'jira', reason })).toMatchObject({ restored: true });
  expect(await states()).toEqual({ github: 'unknown', jira: 'unknown' });

  await watched.given('muster_policy/current', undefined);
  expect(await states()).toEqual({ github: 'paused', jira: 'paused' });
  await watched.given('muster_policy/current', NORMAL);
});

test("a damaged record stands in nobody's way: it is named, left out of the list, paused, and registered anew", async () => {
  await register('jira');
  await watched.given('muster_connectors/github', { nonsense: true });
  await watched.given('muster_connectors/gitlab', { registeredAt: START, nonsense: true });
  await watched.given('muster_connectors/gitea', { registeredAt: 'soon', nonsense: true });
  await watched.given('muster_connectorQueues/jira', { waiting: 4, dead: 2, more: true });
  expect((await health()).connectors.map(({ id, state, waiting, dead }) => [id, state, waiting, dead])).toEqual([
    ['gitea', 'damaged', 0, 0],
    ['github', 'damaged', 0, 0],
    ['gitlab', 'damaged', 0, 0],
    ['jira', 'unknown', 4, 2],
  ]);
  expect((await watched.call(listConnectors, {}, as('auditor'))).connectors.map(({ id }) => id)).toEqual(['jira']);
  expect(await watched.refused(probeConnector, { connectorId: 'github' })).toMatchObject({ code: 'CONFLICT' });
  expect(await watched.call(pauseConnector, { connectorId: 'github', reason })).toMatchObject({ changed: true });
  expect(await register('github')).toMatchObject({ changed: true, replaced: true });

  await watched.given('muster_connectorQueues/jira', { waiting: 'many' });
  expect((await health()).connectors.find(({ id }) => id === 'jira')).toMatchObject({
    state: 'damaged',
    name: 'GitHub',
  });
});
