/** The witness over HTTP, as C2SP tlog-witness says what it answers. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { witnessServer } from '../../src/audit/witness/listen';
import type { Witness } from '../../src/audit/witness/vouch';
import { parseNote, vouchedBy } from '@muster/tlog/note';
import { formatAddCheckpoint } from '@muster/tlog/witness';
import { logOf, newWitness, STRANGER, WITNESS } from './witnessed-log';

const log = logOf('entry');
const fork = logOf('other');
let witness: Witness;
let server: ReturnType<typeof witnessServer>;
let told: unknown[];
let failed: unknown[];

beforeEach(async () => {
  witness = await newWitness();
  told = [];
  failed = [];
  server = witnessServer(
    witness,
    (answer) => told.push(answer),
    (error) => failed.push(error),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = async (body: string | Uint8Array, path = '/add-checkpoint', method = 'POST') => {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: method === 'GET' ? null : body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
const submit = (old: number, size: number, from = log) => post(formatAddCheckpoint(from.asked(old, size)));

test('200: lines of cosignatures, which verify with the checkpoint that was sent', async () => {
  const { status, text } = await submit(0, 10);
  expect(status).toBe(200);
  expect(vouchedBy(parseNote(log.note(10) + text), WITNESS).signed).toBe(true);
  expect((await submit(10, 30)).status).toBe(200);
  expect((await submit(30, 30)).status).toBe(200);
});

test('409 with the size that is known, as text/x.tlog.size', async () => {
  await submit(0, 10);
  const known = { status: 409, type: 'text/x.tlog.size', text: '10\n' };
  expect(await submit(0, 20)).toEqual(known);
  expect(await submit(5, 7)).toEqual(known);
  expect(await submit(10, 10, fork)).toEqual(known);
  expect(told.at(-1)).toMatchObject({ refused: { fork: true }, evidence: expect.stringContaining('evidence-') });
});

test('403, 404, 422 and 400', async () => {
  await submit(0, 10);
  expect((await submit(10, 20, logOf('entry', STRANGER))).status).toBe(403);
  expect((await submit(10, 20, fork)).status).toBe(422);
  expect((await post(formatAddCheckpoint({ oldSize: 10, proof: [], note: log.note(5) }))).status).toBe(400);
  expect((await post('old many\n\n')).status).toBe(400);
  expect((await post('')).status).toBe(400);
  expect((await post(Uint8Array.of(0xff, 0xfe))).status).toBe(400);
  const other = formatAddCheckpoint(log.asked(0, 10)).replace('log.test/audit\n10', 'log.test/unknown\n10');
  expect((await post(other)).status).toBe(404);
  expect((await post('', '/elsewhere')).status).toBe(404);
  expect((await post('', '/add-checkpoint', 'GET')).status).toBe(405);
  expect((await submit(10, 20)).status).toBe(200);
});

test('a body without end is not read to its end', async () => {
  const { status } = await post('x'.repeat(200_000)).catch(() => ({ status: 413 }));
  expect(status).toBe(413);
  expect((await submit(0, 10)).status).toBe(200);
});

test('a state that is damaged meanwhile: 500, no cosignature, and whoever runs it is told', async () => {
  await submit(0, 10);
  writeFileSync(witness.file, '{}');
  const { status, text } = await submit(10, 20);
  expect([status, text.includes('—')]).toEqual([500, false]);
  expect(String(failed[0])).toContain('DamagedState');
});

test('fifty first submissions at once, of two logs by one key: one tree is cosigned, and no other', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => submit(0, 1 + (at % 40), at % 2 === 0 ? log : fork)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status } of answers) expect([200, 409]).toContain(status);
});
