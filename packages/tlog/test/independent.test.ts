/**
 * What this log signs and proves, checked by code that is not ours: @sigstore/verify, which checks the checkpoints and
 * inclusion proofs of Sigstore's public log, and @transmute/rfc9162 for consistency.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { RFC9162 } from '@transmute/rfc9162';
import { signCheckpoint } from '../src/checkpoint';
import { leafHash } from '../src/merkle';
import { signerKeyFrom, type SignerKey } from '../src/note';
import { appendLeaves, consistencyProof, hashOf, inclusionProof, nameOf } from '../src/tiles';

/** Not exported from the package's door; what its own verifier of bundles calls. */
const sigstore = {
  ...(require('@sigstore/verify/dist/tlog/checkpoint') as {
    verifyCheckpoint: (entry: object, logs: object[]) => { origin: string; logSize: bigint; logHash: Buffer };
  }),
  ...(require('@sigstore/verify/dist/tlog/merkle') as {
    verifyMerkleInclusion: (entry: object, checkpoint: { logSize: bigint; logHash: Buffer }) => void;
  }),
};

const KEY = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(7));
const NEXT_KEY = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(8));
const AT = new Date('2026-03-31T09:00:00.000Z');

/** A log as Sigstore knows one: its public key, its id (of which a signature has the first four bytes), its name. */
const knownAs = ({ name, hash, publicKey }: SignerKey) => {
  const key: KeyObject = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
  return { baseURL: name, logID: Buffer.from(hash), publicKey: key };
};

const SIZE = 1000;
const leafAt = (index: number): Buffer => Buffer.from(`entry ${index}`);
const leaves = Array.from({ length: SIZE }, (_, index) => leafHash(leafAt(index)));
const tiles = new Map(appendLeaves(new Map(), 0, leaves).written.map(({ hashes, ...tile }) => [nameOf(tile), hashes]));
const rootOf = (size: number): Uint8Array => hashOf(tiles, [0, size]);
const noteOf = (size: number, keys = [KEY]): string =>
  signCheckpoint({ origin: KEY.name, size, root: rootOf(size) }, keys, AT);

const entryOf = (index: number, size: number, envelope = noteOf(size)) => ({
  canonicalizedBody: leafAt(index),
  inclusionProof: {
    logIndex: String(index),
    treeSize: String(size),
    hashes: inclusionProof(tiles, index, size).map((hash) => Buffer.from(hash)),
    rootHash: Buffer.from(rootOf(size)),
    checkpoint: { envelope },
  },
});

test('@sigstore/verify verifies a checkpoint of ours, with its cosignature beside it', () => {
  const checkpoint = sigstore.verifyCheckpoint(entryOf(0, SIZE), [knownAs(KEY)]);
  expect(checkpoint).toMatchObject({ origin: 'log.test/audit', logSize: 1000n });
  expect(checkpoint.logHash).toEqual(Buffer.from(rootOf(SIZE)));
  const both = entryOf(0, SIZE, noteOf(SIZE, [NEXT_KEY, KEY]));
  for (const key of [KEY, NEXT_KEY]) expect(sigstore.verifyCheckpoint(both, [knownAs(key)]).logSize).toBe(1000n);
});

test('@sigstore/verify refuses one that was changed, and one of another key', () => {
  const refused = (envelope: string, key = KEY) =>
    expect(() => sigstore.verifyCheckpoint(entryOf(0, SIZE, envelope), [knownAs(key)])).toThrow(
      'invalid checkpoint signature',
    );
  refused(noteOf(SIZE).replace('\n1000\n', '\n1001\n'));
  refused(noteOf(SIZE), NEXT_KEY);
  refused(noteOf(999).replace('\n999\n', '\n1000\n'));
});

test('@sigstore/verify verifies inclusion in the tree of that checkpoint, and no other leaf or place', () => {
  for (const [index, size] of [
    [0, 1],
    [0, 1000],
    [255, 1000],
    [256, 1000],
    [511, 700],
    [999, 1000],
  ] as const) {
    const entry = entryOf(index, size);
    const checkpoint = sigstore.verifyCheckpoint(entry, [knownAs(KEY)]);
    expect(() => sigstore.verifyMerkleInclusion(entry, checkpoint)).not.toThrow();
    const other = { ...entry, canonicalizedBody: leafAt(index + 1) };
    expect(() => sigstore.verifyMerkleInclusion(other, checkpoint)).toThrow('does not match');
    const elsewhere = { ...entry, inclusionProof: { ...entry.inclusionProof, logIndex: String(index ^ 1) } };
    expect(() => sigstore.verifyMerkleInclusion(elsewhere, checkpoint)).toThrow();
  }
});

test('@transmute/rfc9162 has the same roots, and verifies inclusion and consistency', async () => {
  const entries = leaves.map((_, index) => Uint8Array.from(leafAt(index)));
  for (const size of [1, 2, 3, 255, 256, 257, 1000])
    expect(Buffer.from(await RFC9162.treeHead(entries.slice(0, size)))).toEqual(Buffer.from(rootOf(size)));
  // That package wants the root of a power of two inside the proof, where RFC 9162 leaves it out: other sizes are compared.
  for (const [older, newer] of [
    [3, 7],
    [255, 1000],
    [257, 258],
    [700, 1000],
    [999, 1000],
  ] as const) {
    const [first, second] = [Uint8Array.from(rootOf(older)), Uint8Array.from(rootOf(newer))];
    const path = consistencyProof(tiles, older, newer).map((hash) => Uint8Array.from(hash));
    const proof = { log_id: '', tree_size_1: older, tree_size_2: newer, consistency_path: path };
    expect(await RFC9162.verifyConsistencyProof(first, second, proof)).toBe(true);
    expect(await RFC9162.verifyConsistencyProof(second, first, proof)).toBe(false);
    const inclusion = {
      log_id: '',
      tree_size: newer,
      leaf_index: older,
      inclusion_path: inclusionProof(tiles, older, newer).map((hash) => Uint8Array.from(hash)),
    };
    expect(await RFC9162.verifyInclusionProof(second, Uint8Array.from(leaves[older] ?? []), inclusion)).toBe(true);
  }
});
