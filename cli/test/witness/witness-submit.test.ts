/** A head brought to a witness that listens, over HTTP on loopback, and what comes back. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { CommandContext } from '../../src/command-context';
import { witnessServer } from '../../src/audit/witness/listen';
import { submitTo } from '../../src/audit/witness/submit';
import { parseNote, vouchedBy } from '@muster/tlog/note';
import { logOf, newWitness, WITNESS } from './witnessed-log';

const log = logOf('entry');
const fork = logOf('other');
let server: ReturnType<typeof witnessServer>;
let witness: { url: URL; fetch: typeof fetch };
const fails: unknown[] = [];
beforeEach(async () => {
  server = witnessServer(
    await newWitness(),
    () => undefined,
    (error) => void fails.push(error),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  witness = { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), fetch };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  expect(fails).toEqual([]);
});

/** A backend with so many leaves, which takes every cosignature. */
const backend = (size: number, of = log) => {
  const { fetch: ask } = of.backend(size);
  const taken: { size: number; cosignature: string }[] = [];
  const answer = async (name: string, asked: never): Promise<unknown> => {
    if (name !== 'audit-cosign') return ask(name as never, asked);
    taken.push(asked);
    return { added: true };
  };
  return { taken, fetch: answer as CommandContext['fetch'] };
};

test('heads are cosigned one after the other, from what the witness has seen', async () => {
  for (const size of [3, 10, 64]) {
    const { taken, fetch: ask } = backend(size);
    expect(await submitTo({ fetch: ask }, witness)).toMatchObject({ size, cosignatures: [{ added: true }] });
    const cosignature = taken[0]?.cosignature;
    const { text } = parseNote(log.note(size));
    expect(vouchedBy(parseNote(`${text}\n${cosignature}\n`), WITNESS).signed).toBe(true);
  }
});

test('a fork, and a log that lost leaves, are refused, and the log is given nothing', async () => {
  await submitTo(backend(10), witness);
  const forked = backend(20, fork);
  expect(await submitTo(forked, witness)).toMatchObject({ refused: { status: 422 } });
  const back = backend(5);
  expect(await submitTo(back, witness)).toEqual({
    refused: { status: 409, said: 'it has seen 10 leaves of this log, which says that it has 5' },
  });
  expect([...forked.taken, ...back.taken]).toEqual([]);
});

test('an empty log has nothing to submit; a witness that is away is told of', async () => {
  expect(await submitTo(backend(0), witness)).toEqual({ empty: true });
  server.close();
  server.closeAllConnections();
  await expect(submitTo(backend(3), witness)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
