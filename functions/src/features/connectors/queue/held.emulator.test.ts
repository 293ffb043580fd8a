/** What was queued for one destination goes to no other on one person's word; and one person's new name ends no outage. */
import { as, refusalOf } from '../../../../test/harness';
import { closeAsItMustBe, CONNECTOR, OUT, queueWorld, upTo, type QueueWorld } from '../../../../test/connector-queue';
import { connectorHealth, redeliverWrite, registerConnector, releaseWrites, listConnectorWrites } from '..';

let world: QueueWorld;
let elsewhere: string;
beforeEach(async () => {
  world = await queueWorld({ twoPersons: true });
  elsewhere = `${world.receiver.url}?moved`;
  await world.register({ deliverTo: 'https://hooks.example.com/github' });
});
afterEach(() => closeAsItMustBe(world));

const THIEF = 'uid-thief';
const reason = 'they have moved, and said so by telephone';
const move = (uid = THIEF, deliverTo = elsewhere) =>
  world.backend.run(
    registerConnector,
    { connectorId: CONNECTOR, name: 'GitHub', url: 'https://status.example.com/ping', deliverTo },
    as('staff', uid),
  );
const release = (uid: string, more: object = {}, role: 'staff' | 'admin' = 'staff') =>
  world.backend.run(releaseWrites, { connectorId: CONNECTOR, deliverTo: elsewhere, reason, ...more }, as(role, uid));
const health = async () => (await world.backend.run(connectorHealth, {})).connectors[0];
const lastEntry = async (action: string) =>
  (await world.backend.auditEntries()).findLast((entry) => entry['action'] === action);

test('what another queued is not delivered where one person has it sent, before a second one agrees', async () => {
  await world.send(3, 'uid-bob');
  expect(await move()).toMatchObject({ changed: true, held: 3 });
  await world.send(1, THIEF);
  expect(await world.deliver()).toEqual({ delivered: 0, dead: 0, waiting: 4, stopped: 'held' });
  expect(await health()).toMatchObject({ waiting: 4, held: 3 });
  expect(world.receiver.arrivals).toEqual([]);
  expect(await refusalOf(release(THIEF))).toMatchObject({ details: { reason: 'SECOND_PERSON_NEEDED' } });
  // Somebody else changes another setting: who moved it stays who moved it.
  await world.register({ deliverTo: elsewhere, timeoutMs: 900 });
  expect(await refusalOf(release(THIEF))).toMatchObject({ details: { reason: 'SECOND_PERSON_NEEDED' } });

  expect(await release('uid-bob')).toEqual({ changed: true, released: 3, held: 0, end: null });
  expect(await lastEntry('connectors.released')).toMatchObject({
    rationale: reason,
    metadata: { deliverTo: elsewhere, movedBy: THIEF, from: 1, upTo: 3, released: 3 },
  });
  expect(await world.deliver()).toMatchObject({ delivered: 4, stopped: null });
  expect(world.sequences()).toEqual(upTo(4));
});

test('only to the address that was agreed to', async () => {
  await world.send(1, 'uid-bob');
  await move();
  await move(THIEF, `${elsewhere}-again`);
  expect(await refusalOf(release('uid-bob'))).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'WRONG_STATE', fields: [{ field: 'deliverTo' }] },
  });
  expect(await world.deliver()).toMatchObject({ stopped: 'held' });
});

test('who changed it releases their own, as far as nobody else’s comes first', async () => {
  await world.send(2, THIEF);
  await world.send(1, 'uid-bob');
  await world.send(1, THIEF);
  await move();
  expect(await release(THIEF)).toMatchObject({ released: 2, held: 2 });
  expect(await world.deliver()).toMatchObject({ delivered: 2, waiting: 2, stopped: 'held' });
  expect(await refusalOf(release(THIEF))).toMatchObject({ details: { reason: 'SECOND_PERSON_NEEDED' } });
});

test('an admin breaks the glass, and staff does not', async () => {
  await world.send(2, 'uid-bob');
  await move();
  expect(await refusalOf(release(THIEF, { breakGlass: true }))).toMatchObject({ details: { reason: 'ROLE_MISSING' } });
  expect(await release(THIEF, { breakGlass: true }, 'admin')).toMatchObject({ released: 2, end: 'break_glass' });
  expect(world.backend.logged.map((line) => JSON.parse(line) as unknown)).toContainEqual(
    expect.objectContaining({ severity: 'CRITICAL' }),
  );
});

test('discarded, it is held no more; what is queued afterwards is delivered', async () => {
  await world.send(3, 'uid-bob');
  await move();
  expect(await world.discard()).toMatchObject({ discarded: 3 });
  await world.send(1, 'uid-bob');
  expect(await world.deliver()).toMatchObject({ delivered: 1, stopped: null });
  expect(world.sequences()).toEqual([4]);
  expect(await health()).toMatchObject({ held: 0 });
});

test('where nothing waits, nothing is held', async () => {
  await world.send(1);
  await world.discard();
  expect(await move()).toMatchObject({ held: 0 });
  expect(await release('uid-bob')).toEqual({ changed: false, released: 0, held: 0, end: null });
});

test('a dead letter of another is not sent there either by who moved it, whoever asked for it last', async () => {
  await move('uid-carol');
  await world.send(1, 'uid-bob');
  await world.discard();
  await world.deliver();
  const dead = async () => {
    const [letter] = (await world.backend.run(listConnectorWrites, { status: 'dead' })).writes;
    return letter!.id;
  };
  const again = async (uid: string) =>
    world.backend.run(redeliverWrite, { writeId: await dead(), reason }, as('staff', uid));
  // Not moved since: whoever operates sends it again.
  expect(await again(THIEF)).toMatchObject({ write: { status: 'waiting', by: THIEF } });
  await world.discard();
  await world.deliver();
  await move(THIEF, `${elsewhere}-again`);
  expect(await refusalOf(again(THIEF))).toMatchObject({ details: { reason: 'SECOND_PERSON_NEEDED' } });
  expect(await again('uid-bob')).toMatchObject({ changed: true });
});

test('with one person being enough, who moved it releases it, and says why', async () => {
  world.backend.deps.limits.twoPersons = false;
  await world.send(2, 'uid-bob');
  await move();
  expect(await world.deliver()).toMatchObject({ stopped: 'held' });
  expect(await release(THIEF)).toMatchObject({ released: 2, held: 0, end: null });
});

test('registered anew while it is out, it stays out, and nothing is delivered', async () => {
  await world.policy(OUT);
  await world.send(2, 'uid-bob');
  expect(await world.register({ deliverTo: 'https://hooks.example.com/github', name: 'Another name' })).toMatchObject({
    changed: true,
    held: 0,
    connector: { offlineSince: expect.any(String) },
  });
  expect(await world.deliver()).toMatchObject({ delivered: 0, stopped: 'offline' });
});
