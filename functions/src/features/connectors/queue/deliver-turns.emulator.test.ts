/** Who delivers, for how long, and what comes meanwhile: one lease, the clock, the schedule. */
import { closeAsItMustBe, CONNECTOR, queueWorld, upTo, type QueueWorld } from '../../../../test/connector-queue';
import { START } from '../../../../test/harness';
import { runJob } from '../../../platform/operations/job';
import { sendToConnector, tendConnectors } from '..';

const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);
let world: QueueWorld;
beforeEach(async () => {
  world = await queueWorld();
});
afterEach(() => closeAsItMustBe(world));

test('of two deliverers one delivers, and the other says that it is busy', async () => {
  await world.register();
  await world.send(30);
  let other: unknown;
  world.receiver.answer = async (response, { sequence }) => {
    if (sequence === 5) other = await world.deliver();
    response.end();
  };
  expect(await world.deliver()).toMatchObject({ delivered: 30, stopped: null });
  expect(other).toMatchObject({ delivered: 0, waiting: 30, stopped: 'busy' });
  expect(world.sequences()).toEqual(upTo(30));

  await world.send(20);
  world.receiver.answer = (response) => response.end();
  const both = await Promise.all([world.deliver(), world.deliver()]);
  expect(both.map(({ delivered }) => delivered).toSorted((a, b) => a - b)).toEqual([0, 20]);
  expect(world.sequences()).toEqual(upTo(50));
});

test('while it delivers, more is queued, and goes out too', async () => {
  await world.register();
  await world.send(10);
  const more: Promise<unknown>[] = [];
  world.receiver.answer = (response, { sequence }) => {
    if (sequence <= 5) more.push(world.send(3, `uid-${sequence}`));
    response.end();
  };
  const first = await world.deliver();
  await Promise.all(more);
  const second = await world.deliver();
  expect(first.delivered + second.delivered).toBe(25);
  expect(world.sequences()).toEqual(upTo(25));
});

test('a drain ends in time, by the clock, and says so', async () => {
  await world.register();
  await world.send(30);
  world.receiver.answer = (response, { sequence }) => {
    world.backend.clock.now = later(sequence);
    response.end();
  };
  expect(await world.deliver()).toEqual({ delivered: 20, dead: 0, waiting: 10, stopped: 'time' });
  expect(await world.queue()).toMatchObject({ lease: null, sending: null });
});

test('whoever was held up for longer than its lease sends no more, and what another did stands', async () => {
  await world.register();
  await world.send(12);
  world.receiver.answer = async (response, _, count) => {
    if (count === 1) {
      world.backend.clock.now = later(60);
      expect(await world.deliver()).toMatchObject({ delivered: 12, stopped: null });
    }
    response.end();
  };
  expect(await world.deliver()).toMatchObject({ delivered: 0, stopped: 'busy' });
  expect(world.sequences()).toEqual([1, 2, ...upTo(12)]);
  expect(await world.queue()).toMatchObject({ settled: 12, waiting: 0, dead: 0, lease: null, sending: null });
});

test('the schedule delivers what waits, after it has probed, and what keeps one queue keeps no other', async () => {
  const { backend, receiver } = world;
  backend.deps.outbound = { probe: async () => ({ ok: true, latencyMs: 1, status: 200 }) };
  await world.register();
  await world.send(12);
  await world.register({ connectorId: 'broken' });
  await backend.firestore.doc('muster_connectorQueues/broken').set({ nonsense: true });
  await runJob(backend.deps, tendConnectors, START);
  expect(world.sequences()).toEqual(upTo(12));
  expect(backend.logged.join('')).toContain('the record of a queue is not what it should be');
  const spent = backend.costs.at(-1)?.spent ?? { reads: 0, writes: 0 };

  await world.send(3);
  // Once more for the same time, as the scheduler does after a failure: what waits by now goes out too.
  await runJob(backend.deps, tendConnectors, START);
  expect(world.sequences()).toEqual(upTo(15));
  backend.deps.courier = () => {
    throw new Error('no key');
  };
  await world.send(1);
  await runJob(backend.deps, tendConnectors, later(60));
  expect(backend.logged.join('')).toContain('could not be delivered');
  expect(receiver.arrivals).toHaveLength(15);
  expect(spent.reads).toBeGreaterThan(12);
});

test('however slowly five connectors answer, a sixth comes to its turn in the same run', async () => {
  const { backend } = world;
  backend.deps.outbound = { probe: async () => ({ ok: true, latencyMs: 1, status: 200 }) };
  const ids = ['a-1', 'a-2', 'a-3', 'a-4', CONNECTOR, 'z'];
  for (const connectorId of ids) await world.register({ connectorId });
  const writes = Array.from({ length: 40 }, () => ({ kind: 'issue', content: {} }));
  for (const connectorId of ids) await backend.run(sendToConnector, { connectorId, writes });
  world.receiver.answer = (response, { connector }) => {
    if (connector !== 'z') backend.clock.now = new Date(backend.clock.now.getTime() + 500);
    response.end();
  };
  await runJob(backend.deps, tendConnectors, START);
  expect(world.receiver.arrivals.filter(({ connector }) => connector === 'z').length).toBeGreaterThan(0);
});
