/** What a witness remembers: through edits, cuts, two at once, and a death at any step. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { beginState, readState, replaceState } from '../../src/audit/witness/state-file';
import { stateOf, StateMissing, vouch, type Witness } from '../../src/audit/witness/vouch';
import { DamagedState, formatState } from '../../src/audit/witness/witness-state';
import { parseNote, signerKeyFrom, COSIGNATURE_V1, vouchedBy } from '@muster/tlog/note';
import { logOf, newWitness, WITNESS } from './witnessed-log';

const log = logOf('entry');
const sizeIn = async (witness: Witness) => (await stateOf(witness)).logs.get('log.test/audit')?.size;

test('it remembers the newest tree, with the note that it cosigned, in a file for itself alone', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  await vouch(witness, log.asked(10, 30));
  const { logs, generation } = await stateOf(witness);
  expect(generation).toBe(2);
  expect(vouchedBy(parseNote(logs.get('log.test/audit')?.note ?? ''), WITNESS).signed).toBe(true);
  expect(statSync(witness.file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(witness.file, 'utf8'))).toMatchObject({ logs: { 'log.test/audit': { size: 30 } } });
  // Nothing is left over but the file and its claim.
  expect(readdirSync(dirname(witness.file)).toSorted()).toEqual([
    basename(witness.file),
    `${basename(witness.file)}.2`,
  ]);
});

test('it begins once, and never anew by itself', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  expect(await beginState(witness.file, WITNESS)).toBe(false);
  expect(await sizeIn(witness)).toBe(10);
  rmSync(witness.file);
  await expect(vouch(witness, log.asked(0, 5))).rejects.toThrow(StateMissing);
});

const edits: [string, (text: string) => string][] = [
  ['cut short', (text) => text.slice(0, -20)],
  ['empty', () => ''],
  ['with a smaller size', (text) => text.replace('"size": 30', '"size": 10')],
  ['with another root', (text) => text.replace(/"root": "./u, '"root": "0')],
  ['with a note of the log that it never cosigned', (text) => withNote(text, log.note(30))],
  [
    'with the size and note of another head',
    (text) => withNote(text, log.note(10)).replace('"size": 30', '"size": 10'),
  ],
  ['with a note of a fork', (text) => withNote(text, logOf('other').note(30))],
  ['without its note', (text) => withNote(text, '')],
  ['with the log under another name', (text) => text.replace('"log.test/audit": {', '"log.test/other": {')],
  ['with a field more', (text) => text.replace('"version": 1', '"version": 1,\n  "more": true')],
  ['of another version', (text) => text.replace('"version": 1', '"version": 2')],
];
const withNote = (text: string, note: string): string => {
  const state = JSON.parse(text) as { logs: Record<string, { note: string }> };
  for (const tree of Object.values(state.logs)) tree.note = note;
  return `${JSON.stringify(state, null, 2)}\n`;
};

test.each(edits)('a state %s is refused, and left as it is', async (_what, edit) => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 30));
  const edited = edit(readFileSync(witness.file, 'utf8'));
  expect(edited).not.toBe(readFileSync(witness.file, 'utf8'));
  writeFileSync(witness.file, edited);
  await expect(vouch(witness, log.asked(0, 5))).rejects.toThrow(DamagedState);
  await expect(vouch(witness, log.asked(30, 40))).rejects.toThrow(DamagedState);
  expect(readFileSync(witness.file, 'utf8')).toBe(edited);
});

test('the state of another witness is refused', async () => {
  const witness = await newWitness();
  const other = signerKeyFrom(WITNESS.name, new Uint8Array(32).fill(4), COSIGNATURE_V1);
  await expect(vouch({ ...witness, key: other }, log.asked(0, 5))).rejects.toThrow('the state of the witness');
});

test('an older state that is put back over the file is seen by the claim that is left', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  const older = readFileSync(witness.file, 'utf8');
  await vouch(witness, log.asked(10, 30));
  writeFileSync(`${witness.file}.old`, older);
  rmSync(witness.file);
  writeFileSync(witness.file, older);
  expect(await sizeIn(witness)).toBe(30);
});

test('of two that replace the same state one does, and the other is told so', async () => {
  const witness = await newWitness();
  const state = await stateOf(witness);
  const done = await Promise.all(Array.from({ length: 8 }, () => replaceState(witness.file, state, WITNESS)));
  expect(done.filter(Boolean)).toHaveLength(1);
  // Late by generations: the claim is free again, and is not taken.
  await replaceState(witness.file, await stateOf(witness), WITNESS);
  await replaceState(witness.file, await stateOf(witness), WITNESS);
  expect(await replaceState(witness.file, state, WITNESS)).toBe(false);
  expect((await stateOf(witness)).generation).toBe(3);
});

test('witnesses on one file at once never vouch for what does not go on from what another has vouched for', async () => {
  const witness = await newWitness();
  const fork = logOf('other');
  const asked = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? log : fork).asked(0, 10 + at));
  const answers = await Promise.all(asked.map((one) => vouch(witness, one)));
  const vouched = answers.filter((one) => !('refused' in one));
  expect(vouched).toHaveLength(1);
  for (const one of answers) if ('refused' in one) expect(one.refused.status).toBe(409);
});

test('killed after the state was saved, before it was renamed or answered: it has not forgotten', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  const state = await stateOf(witness);
  const before = readFileSync(witness.file);
  await vouch(witness, log.asked(10, 30));
  // As the disk is when the process dies between its claim and the renaming of it.
  rmSync(witness.file);
  writeFileSync(witness.file, before);
  expect(existsSync(`${witness.file}.2`)).toBe(true);
  expect(await sizeIn(witness)).toBe(30);
  expect(await vouch(witness, logOf('other').asked(10, 20))).toMatchObject({ refused: { status: 409, knownSize: 30 } });
  expect(await vouch(witness, log.asked(30, 30))).toMatchObject({ size: 30 });
  expect(await vouch(witness, log.asked(30, 40))).toMatchObject({ size: 40 });
  expect(await replaceState(witness.file, state, WITNESS)).toBe(false);
  expect(await sizeIn(witness)).toBe(40);
});

test('killed while writing, before the claim: what is left over is no state', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  writeFileSync(`${witness.file}.new-abcdef012345`, '{"muster": "audit-wit');
  expect(await sizeIn(witness)).toBe(10);
  expect(await vouch(witness, log.asked(10, 20))).toMatchObject({ size: 20 });
});

test('a claim that says another generation than its name is refused', async () => {
  const witness = await newWitness();
  writeFileSync(`${witness.file}.9`, formatState({ generation: 3, logs: new Map() }, WITNESS));
  await expect(readState(witness.file, WITNESS)).rejects.toThrow('another generation');
});

test('a fork is refused, and both notes are kept, once', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 10));
  const fork = logOf('other');
  const first = await vouch(witness, fork.asked(0, 10));
  if (!('refused' in first) || !first.evidence) throw new Error('a fork was expected');
  expect(first.refused).toMatchObject({ status: 409, fork: true });
  const kept = readFileSync(first.evidence, 'utf8');
  expect(kept).toContain(log.note(10).trimEnd().split('\n').at(-1));
  expect(kept).toContain(fork.note(10));
  expect(await vouch(witness, fork.asked(0, 10))).toMatchObject({ evidence: first.evidence });
  expect(await sizeIn(witness)).toBe(10);
});
