/** A witness that asks the backend itself, and a backend that lies to it. */
import { readFileSync } from 'node:fs';
import { stateOf, vouch } from '../../src/audit/witness/vouch';
import { watchOnce } from '../../src/audit/witness/watch';
import { parseNote, vouchedBy } from '@muster/tlog/note';
import { backendThat, LOG, logOf, newWitness, STRANGER, WITNESS } from './witnessed-log';

const log = logOf('entry');
const fork = logOf('other');

test('it takes the first head at its word, and from there on asks for the proof', async () => {
  const witness = await newWitness();
  const first = log.backend(10);
  expect(await watchOnce(first, witness)).toMatchObject({ size: 10, origin: LOG.name });
  expect(first.asked).toEqual(['audit-head']);
  const second = log.backend(40);
  const watched = await watchOnce(second, witness);
  expect(second.asked).toEqual(['audit-head', 'audit-prove']);
  expect(vouchedBy(parseNote('note' in watched ? watched.note : ''), WITNESS).signed).toBe(true);
  // The same head again: it is cosigned again, with a later time, and nothing is asked for.
  const third = log.backend(40);
  expect(await watchOnce(third, witness)).toMatchObject({ size: 40 });
  expect(third.asked).toEqual(['audit-head']);
});

test('nothing sealed is nothing to cosign', async () => {
  expect(await watchOnce(log.backend(0), await newWitness())).toEqual({ empty: true });
});

test('a fork of the same size, one that has grown, and a proof of other trees raise the alarm, with both notes', async () => {
  for (const [backend, alarm] of [
    [fork.backend(10), 'fork'],
    [fork.backend(20), 'not proven'],
    [backendThat({ head: () => ({ size: 20, note: fork.note(20) }), proof: log.proof }), 'not proven'],
    [backendThat({ head: () => ({ size: 20, note: log.note(20) }), proof: () => [] }), 'not proven'],
  ] as const) {
    const witness = await newWitness();
    await vouch(witness, log.asked(0, 10));
    const before = await stateOf(witness);
    const watched = await watchOnce(backend, witness);
    expect(watched).toMatchObject({ alarm });
    const kept = readFileSync('evidence' in watched ? (watched.evidence ?? '') : '', 'utf8');
    expect(kept.match(/^log\.test\/audit$/gmu)).toHaveLength(2);
    expect(await stateOf(witness)).toEqual(before);
  }
});

test('a rollback, also one to nothing, raises the alarm', async () => {
  const witness = await newWitness();
  await vouch(witness, log.asked(0, 30));
  for (const [size, shown] of [
    [29, 'now shows 29'],
    [1, 'now shows 1'],
    [0, 'now shows 0'],
  ] as const)
    expect(await watchOnce(log.backend(size), witness)).toMatchObject({
      alarm: 'rollback',
      what: expect.stringContaining(shown),
    });
  expect((await stateOf(witness)).logs.get(LOG.name)?.size).toBe(30);
});

test('a head that another key has signed, or whose size is not the one that it says beside the note, is not taken', async () => {
  const witness = await newWitness();
  expect(await watchOnce(logOf('entry', STRANGER).backend(10), witness)).toMatchObject({ alarm: 'not signed' });
  await vouch(witness, log.asked(0, 10));
  const lying = backendThat({ head: () => ({ size: 40, note: log.note(5) }), proof: log.proof });
  expect(await watchOnce(lying, witness)).toMatchObject({
    alarm: 'rollback',
    what: expect.stringContaining('shows 5'),
  });
});
