/**
 * The Merkle tree of RFC 6962, section 2.1, and of RFC 9162, section 2.1: SHA-256, a leaf is hashed behind 0x00, a node
 * behind 0x01, the empty tree is the hash of nothing. Sizes and indexes are whole numbers below 2^53.
 */
import { sameBytes } from './bytes';
import { sha256 } from '#crypto';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const HASH_LENGTH = 32;

export const leafHash = (leaf: Uint8Array): Uint8Array => sha256(LEAF, leaf);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(NODE, left, right);
export const emptyRoot = (): Uint8Array => sha256();

/** A full subtree: `height` levels above the leaves, the `index`-th of its height from the left. */
export interface Subtree {
  height: number;
  index: number;
}

/** The largest power of two that is smaller than `size`; `size` is at least 2. */
export const splitOf = (size: number): number => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};

/**
 * The fewest full subtrees that make up the leaves from `begin` to before `end`, left to right. `begin` is where a subtree
 * of RFC 6962 can begin: a multiple of a power of two that is no smaller than the rest.
 */
export const coverOf = (begin: number, end: number): Subtree[] => {
  const cover: Subtree[] = [];
  let at = begin;
  while (at < end) {
    let height = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      height += 1;
    }
    cover.push({ height, index: at / width });
    at += width;
  }
  return cover;
};

/** The hash over a cover: what is left over at the right end is joined from there. */
export const foldCover = (hashes: readonly Uint8Array[]): Uint8Array => {
  const last = hashes.at(-1);
  if (!last) return emptyRoot();
  let root = last;
  for (let index = hashes.length - 2; index >= 0; index -= 1) root = nodeHash(hashes[index] as Uint8Array, root);
  return root;
};

/** The hashes of a tree that grows at its right end: as many as its size has ones in binary. */
export class CompactTree {
  #hashes: Uint8Array[];
  #size: number;

  /** Goes on from the cover of the first `size` leaves. Throws when there are not as many hashes as it has. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    if (coverOf(0, size).length !== hashes.length)
      throw new Error(`a tree of ${size} leaves does not have such a cover`);
    this.#size = size;
    this.#hashes = [...hashes];
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let hash = leaf;
    let before = this.#size;
    while (before % 2 === 1) {
      hash = nodeHash(this.#hashes.pop() as Uint8Array, hash);
      before = (before - 1) / 2;
    }
    this.#hashes.push(hash);
    this.#size += 1;
  }

  get hashes(): Uint8Array[] {
    return [...this.#hashes];
  }

  root(): Uint8Array {
    return foldCover(this.#hashes);
  }
}

/** The leaves, from and to before, under each hash of an inclusion proof, from the leaf up (RFC 9162, 2.1.3.1). */
export const inclusionRanges = (index: number, size: number): [begin: number, end: number][] => {
  if (!isIndex(index) || !isIndex(size) || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const ranges: [number, number][] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([begin, middle]);
      begin = middle;
    }
  }
  return ranges;
};

/** The same for a consistency proof between two sizes (RFC 9162, 2.1.4.1). None when either tree says nothing of the other. */
export const consistencyRanges = (older: number, newer: number): [begin: number, end: number][] => {
  if (!isIndex(older) || !isIndex(newer) || older > newer)
    throw new RangeError(`a tree of ${newer} leaves does not go on from one of ${older}`);
  if (older === 0 || older === newer) return [];
  const ranges: [number, number][] = [];
  let [begin, end] = [0, newer];
  let known = true;
  while (older !== end) {
    const middle = begin + splitOf(end - begin);
    if (older <= middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([begin, middle]);
      begin = middle;
      known = false;
    }
  }
  return known ? ranges : [[begin, end], ...ranges];
};

/** Whether the leaf with this hash is the `index`-th of the tree with this size and root (RFC 9162, 2.1.3.2). */
export const verifiesInclusion = (
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean => {
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes(leaf, ...proof)) return false;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else hash = nodeHash(hash, sibling);
    at = half(at);
    last = half(last);
  }
  return last === 0 && sameBytes(hash, root);
};

/** Whether the tree of `newer` leaves begins with the tree of `older` (RFC 9162, 2.1.4.2). The empty tree is the beginning of any. */
export const verifiesConsistency = (
  older: number,
  newer: number,
  proof: readonly Uint8Array[],
  olderRoot: Uint8Array,
  newerRoot: Uint8Array,
): boolean => {
  if (!isIndex(older) || !isIndex(newer) || older > newer) return false;
  if (older === newer) return proof.length === 0 && sameBytes(olderRoot, newerRoot);
  if (older === 0) return proof.length === 0 && sameBytes(olderRoot, emptyRoot());
  const rest = [...proof];
  if (isPowerOfTwo(older)) rest.unshift(olderRoot);
  const first = rest.shift();
  if (!first) return false;
  let [at, last] = [older - 1, newer - 1];
  while (at % 2 === 1) {
    at = half(at);
    last = half(last);
  }
  let [small, large] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      small = nodeHash(sibling, small);
      large = nodeHash(sibling, large);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else large = nodeHash(large, sibling);
    at = half(at);
    last = half(last);
  }
  return last === 0 && sameBytes(small, olderRoot) && sameBytes(large, newerRoot);
};

/** Of other lengths, leaf and first hash could be cut elsewhere between them. In a consistency proof the roots keep that fixed. */
const areHashes = (...hashes: Uint8Array[]): boolean => hashes.every(({ length }) => length === HASH_LENGTH);
const half = (value: number): number => Math.floor(value / 2);
const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isPowerOfTwo = (value: number): boolean => {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
};
