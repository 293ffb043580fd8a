/** Retention and legal holds: what comes to its end, when, and what stops it. */
import {
  entriesOf,
  entryNumbered,
  expectLogWhole,
  headOf,
  saltsOf,
  seal,
  writeEntries,
} from '../../../../test/audit-log';
import { as, newBackend, refusalOf, START, type Backend } from '../../../../test/harness';
import { watchedBackend } from '../../../../test/watched-backend';
import { runJob } from '../../../platform/operations/job';
import { holdEntries, listHolds, releaseEntries, retainEntries } from '..';

const WHY = 'the insurer asked us to keep everything';
const DAY = 86_400_000;
let backend: Backend;
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(() => backend.close());

const onDay = (days: number) => new Date(START.getTime() + days * DAY);

/** Writes and seals as many entries on that day, of which none was before. */
const sealedOn = async (day: number, from: number, to: number): Promise<void> => {
  backend.clock.now = onDay(day);
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await writeEntries(
    backend,
    numbers.map((number) => entryNumbered(number, onDay(day))),
  );
  await seal(backend);
};

/** Runs the job of that day; says which leaves are marked, and until when. */
const retained = async (day: number): Promise<Record<number, number>> => {
  backend.clock.now = onDay(day);
  await runJob(backend.deps, retainEntries, onDay(day));
  return Object.fromEntries(
    (await entriesOf(backend)).flatMap(({ data: { leafIndex, musterExpireAt } }) =>
      musterExpireAt && leafIndex !== null ? [[leafIndex, (musterExpireAt.getTime() - START.getTime()) / DAY]] : [],
    ),
  );
};

/** What the entries of the log's own keeping say, the oldest first. */
const said = async () =>
  (await entriesOf(backend))
    .filter(({ data }) => data.keeping !== null)
    .toSorted((one, other) => one.data.at.getTime() - other.data.at.getTime())
    .map(({ data: { action, keeping } }) => [action, keeping?.announcedBelow, keeping?.endedBelow]);

test('what was sealed longer ago than the retention is announced, and ended a week later; each is an entry', async () => {
  await sealedOn(0, 0, 3);
  await sealedOn(10, 3, 5);
  expect(await retained(399)).toEqual({});
  expect(await retained(400)).toEqual({});
  expect(await retained(406)).toEqual({});
  expect(await retained(407)).toEqual({ 0: 408, 1: 408, 2: 408 });
  expect(await retained(409)).toEqual({ 0: 408, 1: 408, 2: 408 });
  expect(await retained(410)).toEqual({ 0: 408, 1: 408, 2: 408 });
  expect(await retained(417)).toEqual({ 0: 408, 1: 408, 2: 408, 3: 418, 4: 418 });
  expect(await said()).toEqual([
    ['audit_log.retention_set', null, 0],
    ['audit_log.expiry_announced', 3, 0],
    ['audit_log.expiry_ran', null, 3],
    ['audit_log.expiry_announced', 5, 3],
    ['audit_log.expiry_ran', null, 5],
  ]);
});

test('a run that is repeated for its time leaves no second entry', async () => {
  await sealedOn(0, 0, 3);
  for (const day of [400, 400, 407, 407, 407]) await retained(day);
  expect((await said()).map(([action]) => action)).toEqual(['audit_log.retention_set', 'audit_log.expiry_ran']);
});

test('an entry that waited for long is kept from its sealing on, and one that waits is not marked at all', async () => {
  await writeEntries(backend, [entryNumbered(0, START)]);
  await sealedOn(300, 1, 2);
  await writeEntries(backend, [entryNumbered(2, START)]);
  for (const day of [500, 507]) expect(await retained(day)).toEqual({});
  expect(await retained(700)).toEqual({});
  expect(await retained(707)).toEqual({ 0: 708, 1: 708 });
});

test('whatever the parameter says, nothing is announced before 180 days', async () => {
  backend.deps.limits.retentionDays = 1;
  await sealedOn(0, 0, 2);
  for (const day of [170, 179, 180, 186]) expect(await retained(day)).toEqual({});
  expect(await retained(187)).toEqual({ 0: 188, 1: 188 });
});

test('a retention that is made shorter is told in the log, a week before it ends anything', async () => {
  await sealedOn(0, 0, 2);
  expect(await retained(200)).toEqual({});
  backend.deps.limits.retentionDays = 180;
  expect(await retained(201)).toEqual({});
  expect(await retained(207)).toEqual({});
  expect(await retained(208)).toEqual({ 0: 209, 1: 209 });
  expect(await said()).toEqual([
    ['audit_log.retention_set', null, 0],
    ['audit_log.retention_set', 2, 0],
    ['audit_log.expiry_ran', null, 2],
  ]);
});

test('a legal hold takes marks off, and none is made while one of two stands', async () => {
  await sealedOn(0, 0, 450);
  await retained(400);
  expect(Object.keys(await retained(407))).toHaveLength(450);
  const { hold } = await backend.run(holdEntries, { reason: WHY });
  const other = await backend.run(holdEntries, { reason: WHY }, as('staff', 'uid-other'));
  expect(await retained(408)).toEqual({});
  expect(await retained(409)).toEqual({});
  await backend.run(releaseEntries, { holdId: hold.id, reason: WHY }, as('admin'));
  expect(await retained(410)).toEqual({});
  await backend.run(releaseEntries, { holdId: other.hold.id, reason: WHY }, as('admin'));
  expect(Object.keys(await retained(411))).toHaveLength(450);
});

test('a legal hold voids what was announced: it is announced anew once the hold has ended', async () => {
  await sealedOn(0, 0, 3);
  await retained(400);
  const { hold } = await backend.run(holdEntries, { reason: WHY });
  expect(await retained(407)).toEqual({});
  await backend.run(releaseEntries, { holdId: hold.id, reason: WHY }, as('admin'));
  for (const day of [408, 414]) expect(await retained(day)).toEqual({});
  expect(await retained(415)).toEqual({ 0: 416, 1: 416, 2: 416 });
});

test.each(['set', 'update'])(
  'nothing ends, and no mark is made, after a hold was acknowledged that came between the look and the commit (%s)',
  async (kind) => {
    await backend.close();
    let meanwhile: (() => Promise<unknown>) | undefined;
    backend = await newBackend({
      around: (protocol) => ({
        source: protocol.source,
        within: (use) =>
          protocol.within(async (source) => {
            const used = await use(source);
            const isOne = used.writes.some((write) => write.path.startsWith('muster_audit/') && write.kind === kind);
            const hold = isOne ? meanwhile : undefined;
            if (hold) meanwhile = undefined;
            await hold?.();
            return used;
          }),
      }),
    });
    await sealedOn(0, 0, 3);
    await retained(400);
    meanwhile = () => backend.run(holdEntries, { reason: WHY });
    expect(await retained(407)).toEqual({});
    expect(meanwhile).toBeUndefined();
  },
);

test('what the database has deleted is gone, and its hash is not: the log goes on', async () => {
  await sealedOn(0, 0, 300);
  await retained(400);
  await retained(407);
  // As TTL does; the emulator has none.
  const over = await backend.firestore.collection('muster_audit').where('musterExpireAt', '<=', onDay(408)).get();
  expect(over.size).toBe(300);
  const before = await headOf(backend);
  for (const { ref } of over.docs) await ref.delete();
  // The job's own entries are there, and are sealed behind what is gone.
  await seal(backend);
  const after = await headOf(backend);
  expect(after?.size).toBeGreaterThan(before?.size ?? 0);
  expect((await entriesOf(backend)).every(({ data }) => (data.leafIndex ?? 0) >= 300)).toBe(true);
  await expect(expectLogWhole(backend)).rejects.toThrow();
});

/** As TTL does. */
const deleted = async (leaves: number[]): Promise<void> => {
  const { docs } = await backend.firestore.collection('muster_audit').where('leafIndex', 'in', leaves).get();
  for (const { ref } of docs) await ref.delete();
};

const forgotten = async () => (await saltsOf(backend)).flatMap((salt, leaf) => (salt === '' ? [leaf] : []));

test('the salts of what has ended and was deleted are forgotten by the next run, and no other', async () => {
  await sealedOn(0, 0, 5);
  await sealedOn(100, 5, 8);
  await retained(400);
  await retained(407);
  expect(await forgotten()).toEqual([]);
  await deleted([0, 1, 3, 6]);
  await retained(409);
  // 2 is still there, and 6 has not ended: somebody has removed it.
  expect(await forgotten()).toEqual([0, 1]);
  await deleted([2, 4]);
  await retained(410);
  await retained(411);
  expect(await forgotten()).toEqual([0, 1, 2, 3, 4]);
});

test('an entry that a hold keeps keeps its salt, though it has come to its end', async () => {
  await sealedOn(0, 0, 3);
  await retained(400);
  await retained(407);
  await backend.run(holdEntries, { reason: WHY });
  await deleted([0]);
  await retained(408);
  expect(await forgotten()).toEqual([0]);
  await seal(backend);
  expect((await saltsOf(backend)).slice(1, 3).every((salt) => salt !== '')).toBe(true);
});

test('salts of three hundred are forgotten over two tiles in one run', async () => {
  await sealedOn(0, 0, 300);
  await retained(400);
  await retained(407);
  const { docs } = await backend.firestore.collection('muster_audit').where('leafIndex', '<', 300).get();
  for (const { ref } of docs) await ref.delete();
  await retained(409);
  expect(await forgotten()).toEqual(Array.from({ length: 300 }, (_, leaf) => leaf));
});

test('holds: who places and who releases them, what it costs, and what stands in the audit', async () => {
  const watched = await watchedBackend();
  const { hold } = await watched.call(holdEntries, { reason: WHY, requestId: 'hold-1' });
  expect(watched.entry()).toMatchObject({ action: 'audit_log.hold_placed', rationale: WHY, target: 'auditLog/holds' });
  expect(watched.entry()).toMatchObject({
    keeping: { retentionDays: 400, holds: 1, announcedBelow: null, endedBelow: 0 },
  });
  expect((await watched.call(holdEntries, { reason: WHY, requestId: 'hold-1' })).hold).toEqual(hold);
  expect(await watched.call(listHolds, {}, as('auditor'))).toEqual({ holds: [hold], retentionDays: 400 });
  expect(await watched.refused(holdEntries, { reason: WHY }, as('auditor'))).toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const release = { holdId: hold.id, reason: WHY };
  expect(await watched.refused(releaseEntries, release, as('staff'))).toMatchObject({ code: 'PERMISSION_DENIED' });
  expect(await watched.call(releaseEntries, release, as('admin'))).toEqual({ released: true, holds: [] });
  expect(watched.entry()).toMatchObject({ action: 'audit_log.hold_released', metadata: { placedBy: 'uid-staff' } });
  expect(await watched.call(releaseEntries, release, as('admin'))).toEqual({ released: false, holds: [] });
  expect(watched.changedSomething()).toBe(false);
  await watched.backend.close();
});

test('fifty holds stand at once, and no more', async () => {
  const holds = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [
      `hld_${String(index).padStart(4, '0')}`,
      { reason: WHY, by: 'uid', since: START },
    ]),
  );
  await backend.firestore.doc('muster_auditLog/holds').set({ holds });
  expect(await refusalOf(backend.run(holdEntries, { reason: WHY }))).toMatchObject({ details: { reason: 'TOO_MANY' } });
});
