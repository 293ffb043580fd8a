/** What an export shows of entries that are gone: the log's own word that they have ended, or that somebody removed them. */
import { exportedLog } from '../../../../test/exported-log';
import { entryNumbered, seal, writeEntries } from '../../../../test/audit-log';
import { newBackend, START, type Backend } from '../../../../test/harness';
import { runJob } from '../../../platform/operations/job';
import { retainEntries } from '..';

const DAY = 86_400_000;
let backend: Backend;
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(() => backend.close());

const onDay = (days: number) => new Date(START.getTime() + days * DAY);

const sealedOn = async (day: number, from: number, to: number): Promise<void> => {
  backend.clock.now = onDay(day);
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await writeEntries(
    backend,
    numbers.map((number) => entryNumbered(number, onDay(day))),
  );
  await seal(backend);
};

const retainOn = async (day: number): Promise<void> => {
  backend.clock.now = onDay(day);
  await runJob(backend.deps, retainEntries, onDay(day));
  await seal(backend);
};

/** As TTL does, and as somebody does who removes an entry by hand. */
const remove = async (leafIndex: number): Promise<void> => {
  const { docs } = await backend.firestore.collection('muster_audit').where('leafIndex', '==', leafIndex).get();
  for (const { ref } of docs) await ref.delete();
};

test('an entry that is removed 189 days after its sealing, of 400, is MISSING', async () => {
  await sealedOn(0, 0, 3);
  await retainOn(1);
  await remove(1);
  backend.clock.now = onDay(189);
  const { ok, problem } = await exportedLog(backend);
  expect({ ok, problem }).toMatchObject({ ok: false, problem: { code: 'LEAF_MISSING', leafIndex: 1 } });
  expect(problem?.what).toContain('no run of expiry');
});

test('what a run has ended is expired once that is sealed, and nothing beside it', async () => {
  await sealedOn(0, 0, 3);
  await sealedOn(100, 3, 5);
  await retainOn(400);
  await retainOn(407);
  for (const leaf of [0, 1, 2]) await remove(leaf);
  expect(await exportedLog(backend)).toMatchObject({ ok: true, problem: null, expired: 3, expiryShownBy: 'run' });
  await remove(3);
  const { ok, problem } = await exportedLog(backend);
  expect({ ok, problem }).toMatchObject({ ok: false, problem: { code: 'LEAF_MISSING', leafIndex: 3 } });
  expect(problem?.what).toContain('the log has ended what is below leaf 3');
});

test('what was announced has not ended: removed within the week, it is MISSING', async () => {
  await sealedOn(0, 0, 3);
  await retainOn(400);
  await remove(0);
  expect(await exportedLog(backend)).toMatchObject({ ok: false, problem: { code: 'LEAF_MISSING', leafIndex: 0 } });
});
