/** Sealing: each entry once, whatever comes late, twice, or from 0.1.0. */
import {
  checkpointsOf,
  entriesOf,
  entryNumbered,
  expectLogWhole,
  headOf,
  LOG_KEYS,
  seal,
  signer,
  tileOf,
  writeEntries,
} from '../../../../test/audit-log';
import { as, newBackend, refusalOf, START, type Backend } from '../../../../test/harness';
import { verifyCheckpoint } from '@muster/tlog/checkpoint';
import { parseSignerKey, signerKeyFrom, formatSignerKey, parseVerifierKey } from '@muster/tlog/note';
import { logSignerFrom } from '../../../platform/adapters/log-signer';
import { runJob } from '../../../platform/operations/job';
import { getHead, sealEachMinute, sealNow } from '..';

let backend: Backend;
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(async () => {
  await backend.close();
});

const entries = (from: number, to: number, at?: Date) =>
  Array.from({ length: to - from }, (_, index) => entryNumbered(from + index, at));
const later = (seconds: number) => new Date(START.getTime() + seconds * 1000);

test('450 entries take three commits, and the tree is theirs', async () => {
  await writeEntries(backend, entries(0, 450));
  expect(await seal(backend)).toEqual({ sealed: 450, commits: 3, left: false, malformed: 0, saltsLeft: false });
  expect(await expectLogWhole(backend)).toBe(450);
  expect((await checkpointsOf(backend)).map(({ size }) => size)).toEqual([200, 400, 450]);
  expect(await tileOf(backend, { level: 1, index: 0 })).toHaveLength(32);
  expect(await seal(backend)).toEqual({ sealed: 0, commits: 0, left: false, malformed: 0, saltsLeft: false });
});

test('what is committed late, with an older time, is sealed by the next run, behind what is newer', async () => {
  await writeEntries(backend, entries(0, 3, later(60)));
  await seal(backend);
  await writeEntries(backend, entries(3, 5, later(-3600)));
  expect(await seal(backend)).toMatchObject({ sealed: 2 });
  expect(await expectLogWhole(backend)).toBe(5);
});

test('four sealers at once seal each entry once', async () => {
  await writeEntries(backend, entries(0, 900));
  const all = await Promise.all(Array.from({ length: 4 }, () => seal(backend)));
  expect(all.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(900);
  expect(await expectLogWhole(backend)).toBe(900);
});

test('the times of heads go forward, though a clock is behind', async () => {
  await writeEntries(backend, entries(0, 2));
  backend.clock.now = later(60);
  await seal(backend);
  await writeEntries(backend, entries(2, 4));
  backend.clock.now = later(0);
  await seal(backend);
  expect((await checkpointsOf(backend)).map(({ sealedAt }) => sealedAt)).toEqual([later(60), later(60)]);
});

test('a document that is no entry is told of, and keeps no other from being sealed', async () => {
  await backend.firestore.doc('muster_audit/aud_0000').set({ leafIndex: null, at: later(-60), nonsense: true });
  await writeEntries(backend, entries(0, 4));
  expect(await seal(backend)).toMatchObject({ sealed: 4, malformed: 1, left: false });
  expect(backend.logged.join('')).toContain('muster_audit/aud_0000');
  await runJob(backend.deps, sealEachMinute, START);
  expect(await backend.auditEntries()).toEqual(
    expect.arrayContaining([expect.objectContaining({ action: 'jobs.audit_sealing.ran', outcome: 'failed' })]),
  );
});

test('entries of 0.1.0 are given what they lack, once, and are sealed', async () => {
  const old = entries(0, 230).map(({ id, data }) => {
    const {
      words: _w,
      leafIndex: _l,
      musterExpireAt: _e,
      ip: _i,
      sessionId: _s,
      severity: _v,
      drillId: _d,
      incidentId: _c,
      ...rest
    } = data;
    return { id, data: rest as never };
  });
  await writeEntries(backend, old);
  await writeEntries(backend, entries(230, 240));
  expect(await seal(backend)).toMatchObject({ sealed: 240, left: false });
  expect(await expectLogWhole(backend)).toBe(240);
  const [one] = (await entriesOf(backend)).filter(({ id }) => id === old[0]?.id);
  expect(one?.data).toMatchObject({ drillId: 'drl_0000', words: expect.arrayContaining(['because']) });
  expect(one?.data.salt).toBeUndefined();
  expect((await headOf(backend))?.adoptedUpTo).toBeNull();
});

test('the job seals twice in its minute, and leaves no entry of its own', async () => {
  await writeEntries(backend, entries(0, 2));
  const waits: number[] = [];
  backend.deps.wait = async (ms) => {
    waits.push(ms);
    await writeEntries(backend, entries(2, 3));
  };
  await runJob(backend.deps, sealEachMinute, START);
  expect(waits).toEqual([30_000]);
  expect(await expectLogWhole(backend)).toBe(3);
  expect(await backend.auditEntries()).toHaveLength(3);
  // Reads: 3 to begin the log, 3 for the first batch, 3 for the second, which has an edge. Writes: 1, 2 + 3, 1 + 3.
  expect(backend.costs.at(-1)?.spent).toEqual({ reads: 9, writes: 10 });
});

test('what stands where the log would go on is told of, and nothing is overwritten', async () => {
  await writeEntries(backend, entries(0, 2));
  await backend.firestore.doc('muster_auditLog/current/muster_tiles/0-0').set({ hashes: Buffer.alloc(32) });
  await runJob(backend.deps, sealEachMinute, START);
  expect(backend.logged.join('')).toContain('none could be sealed');
  expect(await tileOf(backend, { level: 0, index: 0 })).toHaveLength(32);
  expect((await headOf(backend))?.size).toBe(0);
});

test('audit-seal answers the head that it made; who may not is refused', async () => {
  expect(await backend.run(getHead, {})).toEqual({ head: null, keys: [], retentionDays: 400 });
  await writeEntries(backend, entries(0, 300));
  const answer = await backend.run(sealNow, {}, as('auditor'));
  expect(answer).toMatchObject({ sealed: 300, left: false, head: { size: 300, origin: 'log.test/audit' } });
  expect(verifyCheckpoint(answer.head?.note ?? '', LOG_KEYS)).toMatchObject({ size: 300, signedAt: START });
  expect(await backend.run(sealNow, {})).toEqual({ sealed: 0, left: false, head: answer.head });
  expect(await refusalOf(backend.run(sealNow, {}, as('member')))).toMatchObject({ code: 'PERMISSION_DENIED' });
  expect(await backend.run(getHead, {})).toEqual({ head: answer.head, keys: signer.keys, retentionDays: 400 });
});

test('heads of other times are found by them', async () => {
  for (const minute of [0, 10, 20]) {
    backend.clock.now = later(minute * 60);
    await writeEntries(backend, entries(minute, minute + 2));
    await seal(backend);
  }
  const sizeAt = async (asked: object) => (await backend.run(getHead, asked)).head?.size ?? null;
  const at = (seconds: number) => later(seconds).toISOString();
  expect(await sizeAt({ atOrBefore: at(-1) })).toBeNull();
  expect(await sizeAt({ atOrBefore: at(0) })).toBe(2);
  expect(await sizeAt({ atOrBefore: at(1199) })).toBe(4);
  expect(await sizeAt({ atOrAfter: at(1) })).toBe(4);
  expect(await sizeAt({ atOrAfter: at(1200) })).toBe(6);
  expect(await sizeAt({ atOrAfter: at(1201) })).toBeNull();
  expect(await refusalOf(backend.run(getHead, { atOrBefore: at(0), atOrAfter: at(0) }))).toMatchObject({
    details: { fields: [{ field: 'atOrAfter' }] },
  });
});

test('while a key is replaced both sign, and whoever knows either verifies; a key of another name seals nothing', async () => {
  const oldKey = formatSignerKey(signerKeyFrom(signer.origin, new Uint8Array(32).fill(1)));
  const newKey = formatSignerKey(signerKeyFrom(signer.origin, new Uint8Array(32).fill(2)));
  const both = logSignerFrom(`${newKey} ${oldKey}`);
  const notes = [logSignerFrom(oldKey), both, logSignerFrom(newKey)].map((one, index) => ({ one, index }));
  const verifies = async (key: string) => {
    const { head } = await backend.run(getHead, {});
    try {
      return verifyCheckpoint(head?.note ?? '', [parseVerifierKey(key)]).size;
    } catch {
      return 'not verified';
    }
  };
  const seen = [];
  for (const { one, index } of notes) {
    backend.deps.signer = () => one;
    await writeEntries(backend, entries(index, index + 1));
    await seal(backend);
    seen.push([await verifies(publicOf(oldKey)), await verifies(publicOf(newKey))]);
  }
  expect(seen).toEqual([
    [1, 'not verified'],
    [2, 2],
    ['not verified', 3],
  ]);

  backend.deps.signer = () =>
    logSignerFrom(formatSignerKey(signerKeyFrom('another.test/log', new Uint8Array(32).fill(3))));
  await writeEntries(backend, entries(3, 4));
  await expect(seal(backend)).rejects.toThrow('its keys keep their name');
  expect((await headOf(backend))?.size).toBe(3);
});

const publicOf = (key: string): string => {
  const [first = ''] = logSignerFrom(key).keys;
  expect(parseSignerKey(key).name).toBe(signer.origin);
  return first;
};
