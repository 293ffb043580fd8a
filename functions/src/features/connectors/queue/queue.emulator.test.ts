/** What is queued, listed, discarded and queued once more. Delivery: deliver.emulator.test.ts. */
import { expectBadInputIsNamed, NEVER } from '../../../../test/bad-input';
import { as, START } from '../../../../test/harness';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { NO_MODE, NORMAL, type PolicyDocument } from '@muster/guard/policy-document';
import {
  discardWrites,
  listConnectorWrites,
  pauseConnector,
  redeliverWrite,
  registerConnector,
  sendToConnector,
} from '..';

const reason = 'it must not go out as it is';
const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const register = (connectorId: string, put: object = {}) =>
  watched.call(registerConnector, {
    connectorId,
    name: 'GitHub',
    url: 'https://status.example.com/ping',
    deliverTo: 'https://hook.example.com/',
    ...put,
  });
const writesOf = (count: number, kind = 'issue') =>
  Array.from({ length: count }, (_, index) => ({
    kind,
    content: { index, secret: 'ghp_content_of_nobodys_business' },
  }));
const send = (count: number, connectorId = 'github') =>
  watched.call(sendToConnector, { connectorId, writes: writesOf(count) });
const queue = async (connectorId = 'github') =>
  (await watched.backend.firestore.doc(`muster_connectorQueues/${connectorId}`).get()).data();
const policy = (put: Partial<PolicyDocument>) => watched.given('muster_policy/current', { ...NORMAL, ...put });
const out = { offline: { github: { since: START, reason: 'three failures', activation: null } } };

test('writes get the next numbers, wait, and are listed without their content', async () => {
  await register('github');
  const first = await send(2);
  expect(first).toMatchObject({ offline: false, waiting: 2, writes: [{ sequence: 1 }, { sequence: 2 }] });
  expect(watched.entry()).toMatchObject({
    action: 'connectors.queued',
    target: 'connectorQueues/github',
    metadata: { count: 2, from: 1, upTo: 2, kinds: [{ kind: 'issue', count: 2 }] },
  });
  watched.backend.clock.now = later(1);
  expect(await send(50)).toMatchObject({ waiting: 52 });

  const page = await watched.call(listConnectorWrites, { connectorId: 'github', limit: 50 }, as('auditor'));
  expect(page.writes.map(({ sequence }) => sequence).toSorted((a, b) => a - b)[0]).toBe(3);
  const rest = await watched.call(
    listConnectorWrites,
    { connectorId: 'github', status: 'waiting', limit: 50, cursor: page.nextCursor },
    as('auditor'),
  );
  expect(rest.writes).toHaveLength(2);
  expect(rest).toMatchObject({ writes: [{ status: 'waiting', by: 'uid-staff', attempts: 0 }, {}], nextCursor: null });
  expect(JSON.stringify([page, rest, watched.backend.logged, await watched.backend.auditEntries()])).not.toContain(
    'nobodys_business',
  );
});

test('bad input is refused by name, and request ids are kept', async () => {
  await register('github');
  await expectBadInputIsNamed(watched, sendToConnector, { connectorId: 'github', writes: writesOf(1) }, [
    ...NEVER,
    ['no writes', { writes: [] }, 'writes'],
    ['51 writes', { writes: writesOf(51) }, 'writes'],
    ['no kind', { writes: [{ kind: '', content: {} }] }, 'writes.0.kind'],
    ['a list for content', { writes: [{ kind: 'a', content: [] }] }, 'writes.0.content'],
    ['content of 8 KiB', { writes: [{ kind: 'a', content: { text: 'x'.repeat(8192) } }] }, 'writes.0.content'],
  ]);
  await expectBadInputIsNamed(watched, discardWrites, { connectorId: 'github', reason }, [
    ...NEVER,
    ['a word for a reason', { reason: 'because' }, 'reason'],
  ]);
  const writeId = `cwr_${'a'.repeat(20)}`;
  await expectBadInputIsNamed(watched, redeliverWrite, { writeId, reason }, [
    ...NEVER,
    ['another id', { writeId: 'drl_aaaaaaaa' }, 'writeId'],
    ['a word for a reason', { reason: 'because' }, 'reason'],
  ]);
  await expectBadInputIsNamed(watched, listConnectorWrites, {}, [
    ['another status', { status: 'lost' }, 'status'],
    ['a page of nothing', { limit: 0 }, 'limit'],
  ]);
  const asked = (count: number) => ({ connectorId: 'github', writes: writesOf(count) });
  await expectRequestIdsAreKept(watched, sendToConnector, { one: asked(1), other: asked(2), forAnotherUser: asked(1) });
  await register('jira');
  await send(1, 'jira');
  const from = (connectorId: string) => ({ connectorId, reason });
  await expectRequestIdsAreKept(watched, discardWrites, {
    one: from('github'),
    other: from('jira'),
    forAnotherUser: from('jira'),
  });
});

test('nothing is queued for a connector that there is not, that is damaged, or that delivers nowhere', async () => {
  const refused = (connectorId: string) =>
    watched
      .refused(sendToConnector, { connectorId, writes: writesOf(1) })
      .then(({ code, details }) => [code, details.reason]);
  expect(await refused('nobody')).toEqual(['NOT_FOUND', 'UNKNOWN_CONNECTOR']);
  await register('probed', { deliverTo: null });
  expect(await refused('probed')).toEqual(['CONFLICT', 'WRONG_STATE']);
  await watched.given('muster_connectors/broken', { nonsense: true });
  expect(await refused('broken')).toEqual(['CONFLICT', 'WRONG_STATE']);
  expect((await watched.refused(discardWrites, { connectorId: 'nobody', reason })).code).toBe('NOT_FOUND');
});

test('what is paused is refused, also while it is out; an outage is what the queue is for', async () => {
  await register('github');
  const attempt = () => watched.refused(sendToConnector, { connectorId: 'github', writes: writesOf(1) });

  await policy(out);
  expect(await send(1)).toMatchObject({ offline: true });
  await policy({ mode: { ...NO_MODE, name: 'offline', since: START, by: 'uid', reason } });
  expect(await send(1)).toMatchObject({ offline: true });
  await policy({ mode: { ...NO_MODE, name: 'read_only', since: START, by: 'uid', reason }, ...out });
  expect((await attempt()).details).toMatchObject({ reason: 'DEGRADED_MODE' });

  await policy(out);
  await watched.call(pauseConnector, { connectorId: 'github', reason });
  expect((await attempt()).details).toMatchObject({
    reason: 'BLOCKED_BY_KILL_SWITCH',
    capability: 'connector.github.write',
  });
  expect(await queue()).toMatchObject({ accepted: 2, waiting: 2 });
  await watched.given('muster_policy/current', { nonsense: true });
  expect((await attempt()).details).toMatchObject({ reason: 'POLICY_UNAVAILABLE' });
});

test('10,000 may wait, and not one more', async () => {
  await register('github');
  await send(1);
  await watched.given('muster_connectorQueues/github', { ...(await queue()), accepted: 9998, waiting: 9998 });
  expect(
    (await watched.refused(sendToConnector, { connectorId: 'github', writes: writesOf(3) })).details,
  ).toMatchObject({ reason: 'TOO_MANY' });
  expect(await send(2)).toMatchObject({ waiting: 10_000 });
});

test('50 of the largest contents, in any letters, fit into one commit', async () => {
  await register('github');
  // As JSON, 8,000 characters of three bytes each, or of two more characters once it is stored.
  for (const letter of ['漢', '"']) {
    const content = { text: letter.repeat(letter === '"' ? 4000 : 8000) };
    const writes = Array.from({ length: 50 }, () => ({ kind: 'a', content }));
    expect(await watched.call(sendToConnector, { connectorId: 'github', writes })).toMatchObject({ changed: true });
  }
});

test('30 callers at once get numbers without a gap, and those of one call stand together', async () => {
  await register('github');
  const { backend } = watched;
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      backend.run(
        sendToConnector,
        { connectorId: 'github', writes: writesOf(1 + (index % 3)) },
        as('staff', `uid-${index}`),
      ),
    ),
  );
  const numbers = answers.map(({ writes }) => writes.map(({ sequence }) => sequence));
  for (const [first = 0, ...more] of numbers) expect(more).toEqual(more.map((_, index) => first + index + 1));
  expect(numbers.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect(await queue()).toMatchObject({ accepted: 60, waiting: 60 });
});

test('what waits is discarded at once, by one write, and a second time there is nothing', async () => {
  await register('github');
  expect(await watched.call(discardWrites, { connectorId: 'github', reason })).toEqual({
    changed: false,
    discarded: 0,
  });
  await send(50);
  await watched.call(pauseConnector, { connectorId: 'github', reason });
  expect(await watched.call(discardWrites, { connectorId: 'github', reason })).toEqual({
    changed: true,
    discarded: 50,
  });
  expect(watched.entry()).toMatchObject({ action: 'connectors.discarded', metadata: { discarded: 50, upTo: 50 } });
  expect(await queue()).toMatchObject({ waiting: 0, dead: 50, discardedUpTo: 50 });
  expect(await watched.call(discardWrites, { connectorId: 'github', reason })).toMatchObject({ changed: false });
});

test('a dead write is queued once more, last, by who asks; one that waits is left, a delivered one refused', async () => {
  await register('github');
  const { writes } = await send(2);
  const [first, second] = writes;
  const stored = async (id = '') => (await watched.backend.firestore.doc(`muster_connectorWrites/${id}`).get()).data();
  await watched.given(`muster_connectorWrites/${first?.id}`, {
    ...(await stored(first?.id)),
    status: 'dead',
    deadReason: 'rejected',
    attempts: 1,
    lastStatus: 400,
    lastFailure: 'bad_status',
    settledAt: START,
    musterExpireAt: later(1),
  });
  await watched.given('muster_connectorQueues/github', { ...(await queue()), settled: 1, waiting: 1, dead: 1 });

  const input = { writeId: first?.id, reason };
  const again = await watched.call(redeliverWrite, input, as('staff', 'uid-two'));
  expect(again).toMatchObject({
    changed: true,
    write: {
      id: first?.id,
      sequence: 3,
      status: 'waiting',
      by: 'uid-two',
      attempts: 0,
      deadReason: null,
      settledAt: null,
    },
  });
  expect(watched.entry()).toMatchObject({
    action: 'connectors.requeued',
    metadata: { was: 'rejected', queuedBy: 'uid-staff' },
  });
  expect(await stored(first?.id)).toMatchObject({ musterExpireAt: null });
  expect(await queue()).toMatchObject({ accepted: 3, waiting: 2, dead: 0 });
  expect(await watched.call(redeliverWrite, { writeId: second?.id, reason })).toMatchObject({ changed: false });

  await watched.given(`muster_connectorWrites/${second?.id}`, { ...(await stored(second?.id)), status: 'delivered' });
  expect(await watched.refused(redeliverWrite, { writeId: second?.id, reason })).toMatchObject({ code: 'CONFLICT' });
  expect((await watched.refused(redeliverWrite, { writeId: 'cwr_nobody', reason })).details).toMatchObject({
    reason: 'UNKNOWN_WRITE',
  });
  const dead = { ...(await stored(second?.id)), status: 'dead', deadReason: 'rejected' };
  await watched.given(`muster_connectorWrites/${second?.id}`, dead);
  await watched.call(pauseConnector, { connectorId: 'github', reason });
  expect((await watched.refused(redeliverWrite, { writeId: second?.id, reason })).details).toMatchObject({
    reason: 'BLOCKED_BY_KILL_SWITCH',
  });
});
