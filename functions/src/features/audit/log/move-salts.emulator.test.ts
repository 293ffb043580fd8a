/** Salts of before leave their entries, once, and the log is the same before, meanwhile and after. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectLogWhole, headOf, saltsOf, steppingThrough, type CrashPoint } from '../../../../test/audit-log';
import { exportedLog } from '../../../../test/exported-log';
import { pathsWith, withFormerSalts } from '../../../../test/former-salts';
import { as, newBackend, START, type Backend } from '../../../../test/harness';
import { appendMany, sealAll } from '../../../../test/sealed-entries';
import { commitmentTo, type Opening } from '@muster/tlog/leaf';
import { runJob } from '../../../platform/operations/job';
import { proveEntry, sealEachMinute } from '..';

/** Made by the release before. */
const former = JSON.parse(readFileSync(join(__dirname, '../../../../test/former-log/sealed.json'), 'utf8')) as {
  origin: string;
  keys: string[];
  sealedAt: string;
  note: string;
  root: string;
  hashes: string[];
  entries: { id: string; data: { at: string; salt: string } }[];
};

let backend: Backend;
const begin = async (around?: Parameters<typeof newBackend>[0]): Promise<void> => {
  backend = await newBackend(around);
  backend.deps.wait = async () => {};
};
afterEach(() => backend.close());

const sealingRuns = (minute: number) =>
  runJob(backend.deps, sealEachMinute, new Date(START.getTime() + minute * 60_000));
const salted = async () =>
  (await backend.firestore.collection('muster_audit').get()).docs.filter((one) => one.get('salt'));
const said = async () =>
  (await backend.auditEntries()).filter(({ action }) => action === 'audit_log.salts_moved').length;

test('a log of the release before verifies, and is opened, before its salts are moved and after', async () => {
  await begin();
  const { firestore } = backend;
  const batch = firestore.batch();
  for (const { id, data } of former.entries)
    batch.set(firestore.doc(`muster_audit/${id}`), { ...data, at: new Date(data.at) });
  const head = {
    ...{ origin: former.origin, note: former.note, size: former.entries.length },
    ...{ root: Buffer.from(former.root, 'base64'), sealedAt: new Date(former.sealedAt) },
  };
  const hashes = Buffer.concat(former.hashes.map((hash) => Buffer.from(hash, 'base64')));
  batch.set(firestore.doc('muster_auditLog/current'), { ...head, keys: former.keys, adoptedUpTo: null });
  batch.set(firestore.doc('muster_auditLog/current/muster_checkpoints/0000000000000012'), head);
  batch.set(firestore.doc('muster_auditLog/current/muster_tiles/0-0'), { hashes });
  await batch.commit();

  const entryId = former.entries[3]?.id ?? '';
  const look = async () => {
    const { ok, problem, entries } = await exportedLog(backend);
    const { inclusion } = await backend.run(proveEntry, { entryId, open: ['rationale'] }, as('auditor'));
    return { ok, problem, entries, opened: inclusion?.opened };
  };
  const before = await look();
  expect(before).toMatchObject({ ok: true, problem: null, opened: { rationale: { value: 'because of number 3' } } });
  await sealingRuns(1);
  expect(await salted()).toEqual([]);
  expect((await saltsOf(backend)).slice(0, 12)).toEqual(former.entries.map(({ data }) => data.salt));
  // With the entry that says so.
  expect(await look()).toMatchObject({ ok: true, entries: 13, opened: before.opened });
  const { rationale } = before.opened as { rationale: Opening };
  expect(commitmentTo('rationale', rationale)).toMatch(/^.{44}$/u);
});

test('seven hundred are moved tile by tile, it is said once when none is left, and then nothing more is read for it', async () => {
  await begin();
  await appendMany(backend, 700);
  await sealAll(backend);
  const salts = await withFormerSalts(backend);
  await appendMany(backend, 1);
  expect(await salted()).toHaveLength(700);
  await sealingRuns(1);
  expect(await salted()).toEqual([]);
  expect((await saltsOf(backend)).slice(0, 700)).toEqual(salts);
  await sealingRuns(2);
  await sealingRuns(3);
  expect(await said()).toBe(1);
  expect((await headOf(backend))?.saltsMovedBelow).toBeNull();
  expect(await expectLogWhole(backend)).toBe(702);
  expect(new Set(await pathsWith(backend.firestore, salts))).toEqual(
    new Set([0, 1, 2].map((index) => `muster_auditLog/current/muster_tiles/0-${index}`)),
  );
  await sealingRuns(4);
  expect(backend.costs.at(-1)?.spent).toEqual({ reads: 4, writes: 0 });
});

test.each<CrashPoint>(['before commit', 'after commit'])(
  'a mover that dies %s of its second tile leaves each salt where it is found, and the next goes on',
  async (step) => {
    let left = Number.POSITIVE_INFINITY;
    const dies = (at: CrashPoint) => {
      if (at === step && (left -= 1) === 0) throw new Error('the machine is gone');
    };
    await begin({ around: steppingThrough(dies) });
    await appendMany(backend, 600);
    await sealAll(backend);
    const salts = await withFormerSalts(backend);
    left = 2;
    await expect(sealingRuns(1)).rejects.toThrow('the machine is gone');
    expect(await salted()).toHaveLength(step === 'before commit' ? 600 - 256 : 600 - 512);
    expect(await exportedLog(backend)).toMatchObject({ ok: true, entries: 600 });
    left = Number.POSITIVE_INFINITY;
    await sealingRuns(2);
    expect(await salted()).toEqual([]);
    expect((await saltsOf(backend)).slice(0, 600)).toEqual(salts);
    expect(await said()).toBe(1);
  },
);

test('what a guard of before has put into an entry that waits is taken out, and hides nothing', async () => {
  await begin();
  await appendMany(backend, 2);
  const { docs } = await backend.firestore.collection('muster_audit').get();
  for (const { ref } of docs) await ref.update({ salt: 'known to whoever reads' });
  await sealAll(backend);
  expect(await salted()).toEqual([]);
  expect(await saltsOf(backend)).toEqual([0, 1].map(() => expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/u)));
  expect(await expectLogWhole(backend)).toBe(2);
});

test('of two entries that claim one place, the one that was sealed there gives the salt', async () => {
  await begin();
  await appendMany(backend, 3);
  await sealAll(backend);
  const salts = await withFormerSalts(backend);
  const [first] = (await backend.firestore.collection('muster_audit').where('leafIndex', '==', 1).get()).docs;
  for (const id of ['aud_0000', 'aud_zzzz'])
    await backend.firestore.doc(`muster_audit/${id}`).set({ ...first?.data(), rationale: 'forged', salt: 'forged' });
  await sealingRuns(1);
  expect(await salted()).toEqual([]);
  expect((await saltsOf(backend)).slice(0, 3)).toEqual(salts);
});
