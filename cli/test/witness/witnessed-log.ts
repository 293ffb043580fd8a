/** A log in memory for witnesses to watch, which can be made to lie, and a witness with files of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../../src/command-context';
import { beginState } from '../../src/audit/witness/state-file';
import type { Witness } from '../../src/audit/witness/vouch';
import { signCheckpoint } from '@muster/tlog/checkpoint';
import { toBase64, utf8 } from '@muster/tlog/crypto';
import { leafHash } from '@muster/tlog/merkle';
import { COSIGNATURE_V1, formatVerifierKey, signerKeyFrom, type SignerKey } from '@muster/tlog/note';
import { appendLeaves, consistencyProof, hashOf, nameOf } from '@muster/tlog/tiles';
import type { AddCheckpoint } from '@muster/tlog/witness';

export const AT = new Date('2026-03-31T09:00:00Z');
export const LOG = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(1));
export const STRANGER = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(2));
export const WITNESS = signerKeyFrom('witness.test/w', new Uint8Array(32).fill(3), COSIGNATURE_V1);

/** 64 leaves; another word makes another log, none of whose leaves is the same. */
export const logOf = (word: string, key: SignerKey = LOG) => {
  const leaves = Array.from({ length: 64 }, (_, index) => leafHash(utf8(`${word} ${index}`)));
  const tiles = new Map(appendLeaves(new Map(), 0, leaves).written.map(({ hashes, ...at }) => [nameOf(at), hashes]));
  const root = (size: number) => hashOf(tiles, [0, size]);
  const note = (size: number) => signCheckpoint({ origin: key.name, size, root: root(size) }, [key], AT);
  const proof = (older: number, newer: number) => consistencyProof(tiles, older, newer);
  return {
    note,
    proof,
    asked: (oldSize: number, size: number): AddCheckpoint => ({
      oldSize,
      proof: proof(oldSize, size),
      note: note(size),
    }),
    /** What a backend answers that has this log, and so many leaves in it. */
    backend: (size: number) => backendThat({ head: () => (size === 0 ? null : { size, note: note(size) }), proof }),
  };
};

type Head = { size: number; note: string } | null;

/** A backend as `muster audit witness` asks one, answering what it is told to. */
export const backendThat = (answers: {
  head: () => Head;
  proof: (older: number, newer: number) => Uint8Array[];
}): Pick<CommandContext, 'fetch'> & { asked: string[] } => {
  const asked: string[] = [];
  const fetch = async (name: string, request: object): Promise<unknown> => {
    asked.push(name);
    if (name === 'audit-head') return { head: answers.head(), keys: [formatVerifierKey(LOG)], retentionDays: 400 };
    if (name !== 'audit-prove') throw new Error(`this test answers no ${name}`);
    const { older, newer } = request as { older: number; newer: number };
    return { consistency: { older, newer, proof: answers.proof(older, newer).map(toBase64) } };
  };
  return { asked, fetch: fetch as CommandContext['fetch'] };
};

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'muster-witness-'));

/** A witness that has begun, and knows nothing yet. */
export const newWitness = async (file = join(newFolder(), 'state.json')): Promise<Witness> => {
  await beginState(file, WITNESS);
  return { logs: [LOG], key: WITNESS, file, now: () => AT };
};
