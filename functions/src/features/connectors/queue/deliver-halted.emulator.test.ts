/** What may not go out any more: paused, of an ended session, discarded, before a delivery and while one is on its way. */
import { closeAsItMustBe, CONNECTOR, queueWorld, upTo, type QueueWorld } from '../../../../test/connector-queue';
import { START } from '../../../../test/harness';
import { releaseWrites } from '..';

let world: QueueWorld;
beforeEach(async () => {
  world = await queueWorld();
});
afterEach(() => closeAsItMustBe(world));

test('a pause in the middle stops all but the one that is on its way', async () => {
  await world.register();
  await world.send(40);
  let acknowledged = 0;
  world.receiver.answer = async (response, { sequence }) => {
    if (sequence === 14) {
      await world.pause();
      acknowledged = world.receiver.arrivals.length;
    }
    response.end();
  };
  expect(await world.deliver()).toEqual({ delivered: 14, dead: 0, waiting: 26, stopped: 'restricted' });
  expect(acknowledged).toBe(14);
  expect(world.sequences()).toEqual(upTo(14));

  // Nor was anything permitted after it, by the database's own times.
  const { firestore } = world.backend;
  const entries = await firestore.collection('muster_audit').get();
  const paused = entries.docs.find((one) => String(one.get('action')).endsWith('kill_switch_enabled'))?.createTime;
  const permitted = entries.docs.filter((one) => one.get('metadata.permitted') !== undefined);
  expect(paused).toBeDefined();
  for (const { createTime } of permitted) expect(createTime < (paused ?? createTime)).toBe(true);
  expect(await world.deliver()).toMatchObject({ delivered: 0, stopped: 'restricted' });
});

test('a permit whose commit comes after a pause does not stand', async () => {
  let held: (() => Promise<unknown>) | undefined;
  await world.close();
  world = await queueWorld({
    around: (protocol) => ({
      source: protocol.source,
      within: (use) =>
        protocol.within(async (source) => {
          const used = await use(source);
          const before = held;
          if (used.writes.some(({ path }) => path.startsWith('muster_connectorQueues/'))) {
            held = undefined;
            await before?.();
          }
          return used;
        }),
    }),
  });
  await world.register();
  await world.send(3);
  held = () => world.pause();
  expect(await world.deliver()).toMatchObject({ delivered: 0, waiting: 3, stopped: 'restricted' });
  expect(world.receiver.arrivals).toEqual([]);
});

test('what was queued in a session that was ended since does not go out', async () => {
  await world.register();
  await world.send(2, 'uid-thief');
  await world.send(2);
  await world.send(12, 'uid-thief');
  await world.backend.firestore.doc('muster_revocations/uid-thief').set({ validAfter: START, withdrawn: [] });
  expect(await world.deliver()).toEqual({ delivered: 2, dead: 14, waiting: 0, stopped: null });
  expect(world.sequences()).toEqual([3, 4]);
  expect(new Set(await world.states())).toEqual(new Set(['session_ended', 'delivered']));
});

test('a discard in the middle stops all but the one that is on its way, and is recorded, while paused too', async () => {
  await world.register();
  await world.send(30);
  world.receiver.answer = async (response, { sequence }) => {
    if (sequence === 3) expect(await world.discard()).toEqual({ changed: true, discarded: 20 });
    response.end();
  };
  expect(await world.deliver()).toMatchObject({ delivered: 3, dead: 27, waiting: 0, stopped: null });
  expect(await world.states()).toEqual([...upTo(3).map(() => 'delivered'), ...upTo(27).map(() => 'discarded')]);
  expect(await world.queue()).toMatchObject({ settled: 30, waiting: 0, dead: 27 });

  await world.send(50);
  await world.send(50);
  await world.pause();
  await world.discard();
  expect(await world.queue()).toMatchObject({ waiting: 0, dead: 127 });
  expect(await world.deliver()).toEqual({ delivered: 0, dead: 100, waiting: 0, stopped: null });
  expect(await world.queue()).toMatchObject({ settled: 130, waiting: 0, dead: 127, lease: null });
  expect(world.receiver.arrivals).toHaveLength(3);
});

test('discarded on its way and failed, or not even tried, it is dead, and counted once', async () => {
  await world.register();
  await world.send(15);
  world.receiver.answer = async (response, { sequence }) => {
    if (sequence === 3) await world.discard();
    response.writeHead(sequence === 3 ? 500 : 200).end();
  };
  expect(await world.deliver()).toMatchObject({ delivered: 2, dead: 8, waiting: 0, stopped: null });
  expect(await world.deliver()).toMatchObject({ dead: 5, waiting: 0, stopped: null });
  expect(await world.queue()).toMatchObject({ settled: 15, waiting: 0, dead: 13 });
});

test('registered at another address in the middle, the former one gets no more, and counts for nothing', async () => {
  await world.register({ failuresToOpen: 1 });
  await world.send(5);
  const former = world.receiver.url;
  const moved = `${former}/moved`;
  const paths: string[] = [];
  const { courier } = world.receiver;
  const release = (deliverTo: string) =>
    world.backend.run(releaseWrites, { connectorId: CONNECTOR, deliverTo, reason: 'they have moved' });
  world.backend.deps.courier = () => ({
    post(target, message) {
      paths.push(target.url);
      return courier.post(target, message);
    },
  });
  world.receiver.answer = async (response, _, count) => {
    if (count === 0) await world.register({ failuresToOpen: 1, deliverTo: moved });
    response.writeHead(count === 0 ? 500 : 200).end();
  };
  expect(await world.deliver()).toMatchObject({ stopped: 'failing', waiting: 5 });
  expect(await world.deliver()).toMatchObject({ delivered: 0, stopped: 'held' });
  await release(moved);
  expect(await world.deliver()).toMatchObject({ delivered: 5, stopped: null });
  expect(paths).toEqual([former, ...upTo(5).map(() => moved)]);

  await world.send(3);
  world.receiver.answer = async (response, { sequence }) => {
    if (sequence === 6) await world.register({ deliverTo: former });
    response.end();
  };
  paths.length = 0;
  // The rest was queued for the other address.
  expect(await world.deliver()).toMatchObject({ delivered: 1, stopped: 'held' });
  await release(former);
  expect(await world.deliver()).toMatchObject({ delivered: 2, stopped: null });
  expect(paths).toEqual([moved, former, former]);

  const entries = await world.backend.firestore
    .collection('muster_audit')
    .where('action', '==', 'connectors.registered')
    .get();
  const told = entries.docs.map((one) => one.get('metadata')).filter(({ replaced }) => replaced === true);
  expect(told).toHaveLength(2);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        deliverTo: moved,
        formerly: expect.objectContaining({ deliverTo: former }),
        waiting: 5,
      }),
      expect.objectContaining({
        deliverTo: former,
        formerly: expect.objectContaining({ deliverTo: moved }),
        waiting: 3,
      }),
    ]),
  );
});
