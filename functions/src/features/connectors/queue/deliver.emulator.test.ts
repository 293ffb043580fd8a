/** What a real receiver is delivered, and what its answers do. Deliverers that die: crashes.emulator.test.ts. */
import type { ServerResponse } from 'node:http';
import { CONNECTOR, closeAsItMustBe, OUT, queueWorld, upTo, type QueueWorld } from '../../../../test/connector-queue';
import { as, refusalOf, START } from '../../../../test/harness';
import { expectWithin } from '../../../../test/watched-backend';
import { deliverToConnector, redeliverWrite } from '..';

const reason = 'its receiver takes it by now';

const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);
let world: QueueWorld;
beforeEach(async () => {
  world = await queueWorld();
});
afterEach(() => closeAsItMustBe(world));

test('what waits is delivered in order, signed, once, and its content is gone', async () => {
  await world.register();
  await world.send(25);
  expect(await world.deliver()).toEqual({ delivered: 25, dead: 0, waiting: 0, stopped: null });
  expect(world.sequences()).toEqual(upTo(25));
  expect(world.receiver.arrivals[0]).toMatchObject({
    connector: CONNECTOR,
    body: { type: 'issue', timestamp: START.toISOString(), data: { index: 0 } },
  });
  const { docs } = await world.backend.firestore.collection('muster_connectorWrites').get();
  for (const write of docs) {
    expect(write.data()).toMatchObject({ status: 'delivered', content: null, attempts: 1, lastStatus: 204 });
    expect((write.get('musterExpireAt') as { toDate(): Date }).toDate()).toEqual(later(30 * 24 * 3600));
  }
  expect(await world.queue()).toMatchObject({ settled: 25, waiting: 0, dead: 0, lease: null, sending: null });
  const spent = world.backend.costs.at(-1)?.spent ?? { reads: 0, writes: 0 };
  expectWithin(deliverToConnector.cost, spent, 25, false);

  const commits = world.commits.length;
  expect(await world.deliver()).toEqual({ delivered: 0, dead: 0, waiting: 0, stopped: null });
  expect(world.commits).toHaveLength(commits);
  expectWithin(deliverToConnector.cost, world.backend.costs.at(-1)?.spent ?? spent, 0, false);
});

test('an unknown connector, and one that is registered to deliver nowhere by now', async () => {
  expect(await refusalOf(world.deliver())).toMatchObject({ code: 'NOT_FOUND' });
  await world.register();
  await world.send(1);
  await world.register({ deliverTo: null });
  expect(await world.deliver()).toMatchObject({ waiting: 1, stopped: 'held' });
});

test.each([400, 403, 404, 410, 422])('a write that is answered %d is dead, and the others go on', async (status) => {
  await world.register();
  await world.send(5);
  world.receiver.answer = (response, { sequence }) => response.writeHead(sequence === 3 ? status : 200).end();
  expect(await world.deliver()).toEqual({ delivered: 4, dead: 1, waiting: 0, stopped: null });
  expect(await world.states()).toEqual(['delivered', 'delivered', 'rejected', 'delivered', 'delivered']);
  expect(world.sequences()).toEqual(upTo(5));

  // Queued once more it comes last, under the same id and with the same bytes.
  const [, , poison] = world.receiver.arrivals;
  world.receiver.answer = (response) => response.end();
  await world.backend.run(redeliverWrite, { writeId: poison?.id, reason });
  expect(await world.deliver()).toMatchObject({ delivered: 1 });
  expect(world.receiver.arrivals.at(-1)).toEqual({ ...poison, sequence: 6 });
});

test.each([301, 408, 425, 429, 500, 503])(
  'an answer of %d stops the drain; the same write comes first',
  async (status) => {
    await world.register({ failuresToOpen: 10 });
    await world.send(3);
    world.receiver.answer = (response, _, count) => response.writeHead(count === 1 ? status : 200).end();
    expect(await world.deliver()).toEqual({ delivered: 1, dead: 0, waiting: 2, stopped: 'failing' });
    expect(await world.queue()).toMatchObject({ lease: null, sending: null, settled: 1 });
    const connector = await world.backend.firestore.doc(`muster_connectors/${CONNECTOR}`).get();
    expect(connector.data()).toMatchObject({ failures: 1, openedAt: null, lastProbedAt: null });
    expect(await world.deliver()).toEqual({ delivered: 2, dead: 0, waiting: 0, stopped: null });
    expect(world.sequences()).toEqual([1, 2, 2, 3]);
  },
);

test('an outage in the middle opens the breaker, then nobody asks, and afterwards it goes on where it was', async () => {
  await world.register({ failuresToOpen: 2 });
  await world.send(30);
  world.receiver.answer = (response, _, count) => response.writeHead(count < 12 ? 200 : 503).end();
  expect(await world.deliver()).toMatchObject({ delivered: 12, waiting: 18, stopped: 'failing' });
  expect(await world.deliver()).toMatchObject({ delivered: 0, stopped: 'failing' });
  expect(world.receiver.arrivals).toHaveLength(14);
  expect(await world.deliver()).toMatchObject({ stopped: 'failing' });
  await world.policy(OUT);
  expect(await world.deliver()).toMatchObject({ waiting: 18, stopped: 'offline' });
  expect(world.receiver.arrivals).toHaveLength(14);

  await world.policy({});
  await world.backend.firestore.doc(`muster_connectors/${CONNECTOR}`).update({ openedAt: null, failures: 0 });
  world.receiver.answer = (response) => response.end();
  expect(await world.deliver()).toEqual({ delivered: 18, dead: 0, waiting: 0, stopped: null });
  expect(world.sequences()).toEqual([...upTo(12), 13, 13, ...upTo(30).slice(12)]);
});

test('what fails ten times is dead, and the next one has its turn', async () => {
  await world.register({ failuresToOpen: 10 });
  await world.send(2);
  world.receiver.answer = (response, { sequence }) => response.writeHead(sequence === 1 ? 500 : 200).end();
  for (let tries = 0; tries < 10; tries += 1) {
    await world.backend.firestore.doc(`muster_connectors/${CONNECTOR}`).update({ openedAt: null, failures: 0 });
    expect(await world.deliver()).toMatchObject({ stopped: 'failing', dead: tries === 9 ? 1 : 0 });
  }
  await world.backend.firestore.doc(`muster_connectors/${CONNECTOR}`).update({ openedAt: null, failures: 0 });
  expect(await world.deliver()).toMatchObject({ delivered: 1, stopped: null });
  expect(await world.states()).toEqual(['tried_too_often', 'delivered']);
});

/** What answers at all does so within this on a busy machine too. */
const TIMEOUT_MS = 2_000;

test.each<[string, (response: ServerResponse) => unknown]>([
  ['no answer', () => undefined],
  ['a cut connection', (response) => response.socket?.destroy()],
  [
    'half an answer',
    (response) => response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy()),
  ],
  ['a gateway that does not know', (response) => response.writeHead(504).end()],
])('%s: sent again to whom drops it, and dead for whom does not', async (_what, answer) => {
  await world.register({ timeoutMs: TIMEOUT_MS, failuresToOpen: 10 });
  await world.send(3);
  world.receiver.answer = (response, { sequence }, count) =>
    sequence === 2 && count < 2 ? answer(response) : response.end();
  expect(await world.deliver()).toMatchObject({ delivered: 1, dead: 0, waiting: 2, stopped: 'failing' });
  expect(await world.deliver()).toMatchObject({ delivered: 2, stopped: null });
  expect(world.sequences()).toEqual([1, 2, 2, 3]);
  expect(world.receiver.arrivals[2]).toEqual(world.receiver.arrivals[1]);

  world.receiver.arrivals.length = 0;
  await world.register({ timeoutMs: TIMEOUT_MS, failuresToOpen: 10, repeatable: false });
  await world.send(3);
  world.receiver.answer = (response, { sequence }) => (sequence === 5 ? answer(response) : response.end());
  expect(await world.deliver()).toEqual({ delivered: 2, dead: 1, waiting: 0, stopped: null });
  expect(world.sequences()).toEqual([4, 5, 6]);
  expect((await world.states()).slice(3)).toEqual(['delivered', 'in_doubt', 'delivered']);
});

test('one that cannot be reached has nothing, so what is not repeatable is not in doubt', async () => {
  await world.register({ repeatable: false });
  await world.send(1);
  world.receiver.close();
  expect(await world.deliver()).toMatchObject({ dead: 0, waiting: 1, stopped: 'failing' });
});

test('an answer of 10 MB after a yes is a yes', async () => {
  await world.register({ timeoutMs: 5000 });
  await world.send(1);
  world.receiver.answer = (response) => response.end(Buffer.alloc(10 * 1024 * 1024));
  expect(await world.deliver()).toMatchObject({ delivered: 1 });
});

test('without a key nothing is permitted, and the caller is no auditor', async () => {
  await world.register();
  await world.send(1);
  world.backend.deps.courier = () => {
    throw new Error('MUSTER_DELIVERY_SECRET must be set');
  };
  await expect(world.deliver()).rejects.toThrow('MUSTER_DELIVERY_SECRET');
  expect(await world.queue()).toMatchObject({ sending: null, lease: null });
  expect(
    await refusalOf(world.backend.run(deliverToConnector, { connectorId: CONNECTOR }, as('auditor'))),
  ).toMatchObject({ code: 'PERMISSION_DENIED' });
});
