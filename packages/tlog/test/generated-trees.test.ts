/** Trees of every size up to 600, and some of up to 200,000 leaves, against RFC 6962 written down as it stands. */
import { createHash } from 'node:crypto';
import { toHex } from '../src/bytes';
import {
  CompactTree,
  consistencyRanges,
  HASH_LENGTH,
  inclusionRanges,
  leafHash,
  verifiesConsistency,
  verifiesInclusion,
} from '../src/merkle';
import {
  appendLeaves,
  compactHashes,
  consistencyProof,
  edgeOf,
  hashOf,
  inclusionProof,
  leafHashAt,
  nameOf,
  tilesFor,
  widthOf,
  type Tiles,
} from '../src/tiles';
import { wrongConsistencies, wrongInclusions } from './wrong-proofs';

/** RFC 6962, 2.1, word by word, with nothing of ours in it. */
const rootBySpec = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return Buffer.from(leaves[0] ?? []);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const [left, right] = [rootBySpec(leaves.slice(0, k)), rootBySpec(leaves.slice(k))];
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), left, right]))
    .digest();
};

/** Mulberry32: the same numbers with each run, so that a failure can be repeated. */
const seeded = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const leafAt = (index: number): Uint8Array => leafHash(Buffer.from(`leaf ${index}`));
const LEAVES = Array.from({ length: 200_000 }, (_, index) => leafAt(index));
const FOREIGN = leafHash(Buffer.from('of no tree'));
const leaf = (index: number): Uint8Array => LEAVES[index] ?? new Uint8Array();

/** A log that is appended to in batches, and reads nothing for it but the edge of its tree. */
const grown = () => {
  const tiles = new Map<string, Uint8Array>();
  let size = 0;
  return {
    tiles: tiles as Tiles,
    append(count: number) {
      const edge = edgeOf(size);
      const read = edge.flatMap((tile) => {
        const hashes = tiles.get(nameOf(tile));
        return hashes ? [[nameOf(tile), hashes.subarray(0, widthOf(tile, size) * HASH_LENGTH)] as const] : [];
      });
      expect(read).toHaveLength(edge.length);
      const next = appendLeaves(new Map(read), size, LEAVES.slice(size, size + count));
      for (const { hashes, ...tile } of next.written) tiles.set(nameOf(tile), hashes);
      size = next.size;
      return next;
    },
  };
};

/** The tiles that a proof needs, and no others, each as long as it was when the tree had this size. */
const only = (tiles: Tiles, ranges: [number, number][], size: number): Tiles =>
  new Map(
    tilesFor(ranges).map((tile) => [
      nameOf(tile),
      (tiles.get(nameOf(tile)) ?? new Uint8Array()).subarray(0, widthOf(tile, size) * HASH_LENGTH),
    ]),
  );

const inclusionOf = (tiles: Tiles, index: number, size: number) =>
  inclusionProof(only(tiles, inclusionRanges(index, size), size), index, size);
const consistencyOf = (tiles: Tiles, older: number, newer: number) =>
  consistencyProof(only(tiles, consistencyRanges(older, newer), newer), older, newer);

test('every size from 0 to 600: the root, and proofs of all kinds of leaves and sizes', () => {
  const random = seeded(6962);
  const log = grown();
  const compact = new CompactTree();
  const roots = [rootBySpec([])];
  for (let size = 1; size <= 600; size += 1) {
    const { root } = log.append(1);
    compact.append(leaf(size - 1));
    roots.push(rootBySpec(LEAVES.slice(0, size)));
    const expected = toHex(roots[size] ?? new Uint8Array());
    expect([toHex(root), toHex(compact.root()), toHex(hashOf(log.tiles, [0, size]))]).toEqual([
      expected,
      expected,
      expected,
    ]);
    expect(compactHashes(log.tiles, size).map(toHex)).toEqual(compact.hashes.map(toHex));
    const all = size <= 33;
    const places = all ? Array.from({ length: size }, (_, at) => at) : [random(size), size - 1];
    for (const index of places) {
      const proof = inclusionOf(log.tiles, index, size);
      expect(verifiesInclusion(index, size, leaf(index), proof, root)).toBe(true);
      const older = index + 1;
      const path = consistencyOf(log.tiles, older, size);
      expect(verifiesConsistency(older, size, path, roots[older] ?? FOREIGN, root)).toBe(true);
    }
  }
});

test('proofs that were changed do not verify, whatever tree they are of', () => {
  const random = seeded(9162);
  const log = grown();
  log.append(600);
  const passed: string[] = [];
  let tried = 0;
  for (let round = 0; round < 60; round += 1) {
    const size = 2 + random(599);
    const index = random(size);
    const older = 1 + random(size - 1);
    const root = hashOf(log.tiles, [0, size]);
    const inclusion = { index, size, leaf: leaf(index), proof: inclusionOf(log.tiles, index, size), root };
    for (const [what, wrong] of wrongInclusions(inclusion, FOREIGN)) {
      tried += 1;
      // As in the vectors, sizes are changed to such of another height alone; where it is not, it is the same proof.
      if (verifiesInclusion(wrong.index, wrong.size, wrong.leaf, wrong.proof, wrong.root))
        passed.push(`leaf ${index} of ${size}: ${what}`);
    }
    const olderRoot = hashOf(log.tiles, [0, older]);
    const proof = consistencyOf(log.tiles, older, size);
    for (const [what, wrong] of wrongConsistencies(
      { older, newer: size, olderRoot, newerRoot: root, proof },
      FOREIGN,
    )) {
      tried += 1;
      if (verifiesConsistency(wrong.older, wrong.newer, wrong.proof, wrong.olderRoot, wrong.newerRoot))
        passed.push(`${older} to ${size}: ${what}`);
    }
  }
  expect(passed).toEqual([]);
  expect(tried).toBeGreaterThan(5000);
});

test('up to 200,000 leaves, appended in batches of any length', () => {
  const random = seeded(2026);
  const log = grown();
  const compact = new CompactTree();
  const sizes: { size: number; root: Uint8Array }[] = [];
  let size = 0;
  while (size < LEAVES.length) {
    const next = log.append(Math.min(1 + random(9000), LEAVES.length - size));
    for (; size < next.size; size += 1) compact.append(leaf(size));
    expect(toHex(compact.root())).toBe(toHex(next.root));
    sizes.push({ size, root: next.root });
  }
  const checked = [...sizes.filter(() => random(sizes.length) < 2), ...sizes.slice(-1)];
  for (const at of checked) expect(toHex(at.root)).toBe(toHex(rootBySpec(LEAVES.slice(0, at.size))));
  for (let round = 0; round < 80; round += 1) {
    const [one, other] = [sizes[random(sizes.length)], sizes[random(sizes.length)]];
    if (!one || !other || one.size > other.size) continue;
    const index = random(one.size);
    expect(toHex(leafHashAt(log.tiles, index))).toBe(toHex(leaf(index)));
    const inclusion = inclusionOf(log.tiles, index, one.size);
    expect(verifiesInclusion(index, one.size, leaf(index), inclusion, one.root)).toBe(true);
    const path = consistencyOf(log.tiles, one.size, other.size);
    expect(verifiesConsistency(one.size, other.size, path, one.root, other.root)).toBe(true);
  }
});

/** The most tiles that any of some proofs needs. */
const mostTiles = (size: number, rangesOf: (at: number) => [number, number][]): number => {
  const random = seeded(size);
  const counts = Array.from({ length: 500 }, () => tilesFor(rangesOf(1 + random(size - 1))).length);
  return Math.max(...counts);
};

test('tiles read for one proof grow with the logarithm of the tree', () => {
  for (const [size, levels] of [
    [1000, 2],
    [100_000, 3],
    [10_000_000, 3],
    [1_000_000_000, 4],
  ] as const) {
    expect(levels).toBe(Math.ceil(Math.log(size) / Math.log(256)));
    // On each level the tile of the path, and the one at the right end.
    expect(mostTiles(size, (at) => inclusionRanges(at, size))).toBeLessThanOrEqual(levels * 2 - 1);
    expect(mostTiles(size, (at) => consistencyRanges(at, size))).toBeLessThanOrEqual(levels * 2 - 1);
  }
});
