/** The tree and its proofs against the published vectors of RFC 6962 implementations. */
import { toHex } from '../src/bytes';
import {
  CompactTree,
  coverOf,
  emptyRoot,
  leafHash,
  nodeHash,
  verifiesConsistency,
  verifiesInclusion,
} from '../src/merkle';
import { appendLeaves, consistencyProof, hashOf, inclusionProof, nameOf, TileMissing } from '../src/tiles';
import { COMPACT, CONSISTENCY, INCLUSION, LEAVES, NODES, ROOTS, SOME_HASH } from './rfc6962-vectors';
import { wrongConsistencies, wrongInclusions, type ConsistencyCase, type InclusionCase } from './wrong-proofs';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hashes = LEAVES.map((leaf) => leafHash(bytes(leaf)));
const rootOf = (size: number): Uint8Array => bytes(ROOTS[size] ?? '');
const tiles = new Map(
  appendLeaves(new Map(), 0, hashes).written.map(({ hashes: all, ...tile }) => [nameOf(tile), all]),
);

const includes = ({ index, size, leaf, proof, root }: InclusionCase) =>
  verifiesInclusion(index, size, leaf, proof, root);
const isConsistent = ({ older, newer, proof, olderRoot, newerRoot }: ConsistencyCase) =>
  verifiesConsistency(older, newer, proof, olderRoot, newerRoot);

test('leaves and nodes have the published hashes', () => {
  expect(hashes.map(toHex)).toEqual(NODES[0]);
  for (const [level, row] of NODES.entries())
    for (const [place, hash] of (NODES[level + 1] ?? []).entries())
      expect(toHex(nodeHash(bytes(row[place * 2] ?? ''), bytes(row[place * 2 + 1] ?? '')))).toBe(hash);
});

// transparency-dev/merkle, rfc6962/rfc6962_test.go: what domain separation is for.
test('a leaf that looks like a node is not hashed as one, and nothing is hashed without its prefix', () => {
  const [left, right] = [bytes(NODES[0]?.[0] ?? ''), bytes(NODES[0]?.[1] ?? '')];
  expect(toHex(leafHash(Uint8Array.from([...left, ...right])))).not.toBe(toHex(nodeHash(left, right)));
  expect(toHex(nodeHash(right, left))).not.toBe(toHex(nodeHash(left, right)));
  expect(toHex(leafHash(new Uint8Array()))).not.toBe(toHex(emptyRoot()));
});

test('trees of 0 to 8 leaves have the published roots, from tiles and as they grow', () => {
  const tree = new CompactTree();
  for (let size = 0; size <= 8; size += 1) {
    expect(toHex(tree.root())).toBe(ROOTS[size]);
    expect(toHex(hashOf(tiles, [0, size]))).toBe(ROOTS[size]);
    expect(toHex(appendLeaves(new Map(), 0, hashes.slice(0, size)).root)).toBe(ROOTS[size]);
    const compact = (COMPACT[size] ?? []).map(([level, place]) => NODES[level]?.[place] ?? '');
    expect(tree.hashes.map(toHex)).toEqual(compact);
    expect(coverOf(0, size)).toEqual(COMPACT[size]?.map(([height, index]) => ({ height, index })));
    expect(toHex(new CompactTree(size, compact.map(bytes)).root())).toBe(ROOTS[size]);
    tree.append(hashes[size] ?? new Uint8Array());
  }
});

test('a tree does not go on from a cover that is not its own', () => {
  expect(() => new CompactTree(3, [rootOf(2)])).toThrow('does not have such a cover');
  expect(() => new CompactTree(2, [rootOf(1), rootOf(1)])).toThrow('does not have such a cover');
});

test.each(INCLUSION)('leaf $index of $size: the published path is made, and verifies', ({ index, size, proof }) => {
  expect(inclusionProof(tiles, index, size).map(toHex)).toEqual(proof);
  const right = { index, size, leaf: hashes[index] ?? new Uint8Array(), proof: proof.map(bytes), root: rootOf(size) };
  expect(includes(right)).toBe(true);
  const passed = wrongInclusions(right, bytes(SOME_HASH)).filter(([, wrong]) => includes(wrong));
  expect(passed.map(([what]) => what)).toEqual([]);
});

test.each(CONSISTENCY)('$older to $newer: the published path is made, and verifies', ({ older, newer, proof }) => {
  expect(consistencyProof(tiles, older, newer).map(toHex)).toEqual(proof);
  const right = { older, newer, olderRoot: rootOf(older), newerRoot: rootOf(newer), proof: proof.map(bytes) };
  expect(isConsistent(right)).toBe(true);
  if (proof.length === 0) return;
  const passed = wrongConsistencies(right, bytes(SOME_HASH)).filter(([, wrong]) => isConsistent(wrong));
  expect(passed.map(([what]) => what)).toEqual([]);
});

// TestVerifyInclusion of proof/verify_test.go.
test.each([
  [0, 0],
  [0, 1],
  [1, 0],
  [2, 1],
])('nothing is leaf %i of %i', (index, size) => {
  const [some, none, empty] = [bytes(SOME_HASH), new Uint8Array(), emptyRoot()];
  expect(verifiesInclusion(index, size, some, [], none)).toBe(false);
  expect(verifiesInclusion(index, size, none, [], empty)).toBe(false);
  expect(verifiesInclusion(index, size, some, [], empty)).toBe(false);
});

// TestVerifyConsistency of proof/verify_test.go; stricter in one: the empty tree has one root only, and not any.
test('trees that say nothing of each other', () => {
  const [one, two, empty] = [leafHash(bytes('01')), leafHash(bytes('02')), emptyRoot()];
  expect(verifiesConsistency(0, 0, [], empty, empty)).toBe(true);
  expect(verifiesConsistency(0, 1, [], empty, one)).toBe(true);
  expect(verifiesConsistency(1, 1, [], two, two)).toBe(true);
  expect(verifiesConsistency(0, 0, [], one, two)).toBe(false);
  expect(verifiesConsistency(0, 1, [], one, two)).toBe(false);
  expect(verifiesConsistency(1, 1, [], one, two)).toBe(false);
  expect(verifiesConsistency(1, 0, [], one, two)).toBe(false);
  expect(verifiesConsistency(2, 1, [], one, two)).toBe(false);
  expect(verifiesConsistency(1, 2, [], one, two)).toBe(false);
  for (const [older, newer] of [
    [0, 0],
    [0, 1],
    [1, 1],
  ] as const)
    expect(verifiesConsistency(older, newer, [empty], empty, empty)).toBe(false);
});

test('a proof from tiles that are short or missing is not made', () => {
  expect(() => inclusionProof(new Map([['0-0', new Uint8Array(7 * 32)]]), 0, 8)).toThrow(TileMissing);
  expect(() => hashOf(new Map(), [0, 1])).toThrow('the tile 0-0 of the log is missing, or damaged');
  expect(() => inclusionProof(tiles, 8, 8)).toThrow(RangeError);
  expect(() => consistencyProof(tiles, 9, 8)).toThrow(RangeError);
});
