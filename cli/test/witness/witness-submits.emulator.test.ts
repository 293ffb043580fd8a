/** The witness of the command line and the operations of the backend, on the database: heads, proofs and cosignatures as they are. */
import { cosignHead, getHead, proveEntry } from '@muster/functions/features/audit/index';
import {
  checkpointsOf,
  entryNumbered,
  expectLogWhole,
  LOG_KEYS,
  seal,
  tileOf,
  writeEntries,
} from '@muster/functions/test/audit-log';
import { as, newBackend, type Backend } from '@muster/functions/test/harness';
import { formatVerifierKey, parseNote, vouchedBy } from '@muster/tlog/note';
import type { CommandContext } from '../../src/command-context';
import type { Vouched, Witness } from '../../src/audit/witness/vouch';
import { watchOnce } from '../../src/audit/witness/watch';
import { newWitness, WITNESS } from './witnessed-log';

let backend: Backend;
let witness: Witness;
beforeEach(async () => {
  backend = await newBackend();
  backend.deps.limits.witnessKeys = formatVerifierKey(WITNESS);
  witness = { ...(await newWitness()), logs: LOG_KEYS };
});
afterEach(() => backend.close());

const operations = { 'audit-head': getHead, 'audit-prove': proveEntry };
const context = (): Pick<CommandContext, 'fetch'> => ({
  fetch: (async (name: keyof typeof operations, asked: object) =>
    backend.run<unknown>(operations[name], asked, as('auditor'))) as CommandContext['fetch'],
});

const sealed = async (from: number, to: number): Promise<void> => {
  await writeEntries(
    backend,
    Array.from({ length: to - from }, (_, at) => entryNumbered(from + at)),
  );
  await seal(backend);
};
const watched = async (): Promise<Vouched> => {
  const answer = await watchOnce(context(), witness);
  if ('line' in answer) return answer;
  throw new Error(JSON.stringify(answer));
};

test('it goes on from head to head over hundreds of entries, and each of its cosignatures is taken', async () => {
  for (const [from, to] of [
    [0, 3],
    [3, 300],
    [300, 760],
  ] as const) {
    await sealed(from, to);
    const { size, line } = await watched();
    const { added, head } = await backend.run(cosignHead, { size, cosignature: line }, as('auditor'));
    expect([added, head.size]).toEqual([true, size]);
    expect(vouchedBy(parseNote(head.note), WITNESS).signed).toBe(true);
  }
  await seal(backend);
  // Its three cosignatures have entries of their own, which are in the log too.
  expect(await expectLogWhole(backend)).toBe(763);
  const cosigned = (await checkpointsOf(backend)).filter(({ note }) => vouchedBy(parseNote(note), WITNESS).signed);
  expect(cosigned).toHaveLength(3);
});

test('hashes that were changed in the database after a head was witnessed raise the alarm', async () => {
  await sealed(0, 300);
  await watched();
  const tile = Buffer.from((await tileOf(backend, { level: 0, index: 1 })) ?? []);
  expect(tile.length).toBe(44 * 32);
  tile.writeUInt8(tile.readUInt8(3) ^ 1, 3);
  await backend.firestore.doc('muster_auditLog/current/muster_tiles/0-1').update({ hashes: tile });
  // The sealer goes on from what it finds there, and signs it.
  await sealed(300, 310);
  expect(await watchOnce(context(), witness)).toMatchObject({ alarm: 'not proven', evidence: expect.any(String) });
});
