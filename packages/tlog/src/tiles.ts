/**
 * The hashes of the tree as C2SP tlog-tiles keeps them: tiles of height 8. The tile `index` of `level` holds up to 256
 * hashes of the full subtrees that are 8 × `level` levels above the leaves. Every proof is made of a few tiles.
 */
import { concat } from './bytes';
import { consistencyRanges, coverOf, foldCover, HASH_LENGTH, inclusionRanges, nodeHash, type Subtree } from './merkle';

export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

export interface TileAddress {
  level: number;
  index: number;
}

/** A tile as far as it is filled: `hashes` one after the other, 32 bytes each. */
export interface Tile extends TileAddress {
  hashes: Uint8Array;
}

export const nameOf = ({ level, index }: TileAddress): string => `${level}-${index}`;

/** `tile/<L>/<N>[.p/<W>]`, where N is in groups of three digits, each but the last behind an x (C2SP tlog-tiles). */
export const tilePath = ({ level, index }: TileAddress, width = TILE_WIDTH): string => {
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
};

/** Reads `<L>/<N>[.p/<W>]`; undefined for anything that `tilePath` does not write. */
export const parseTilePath = (path: string): (TileAddress & { width: number }) | undefined => {
  const [, level = '', groups = '', partial] =
    /^(\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/u.exec(path) ?? [];
  const index = Number(groups.replaceAll(/[x/]/gu, ''));
  const tile = { level: Number(level), index, width: partial === undefined ? TILE_WIDTH : Number(partial) };
  const isOne = tile.level <= 63 && tile.width > 0 && tilePath(tile, tile.width) === `tile/${path}`;
  return isOne ? tile : undefined;
};

/** How many hashes that tile has in a tree of this size. */
export const widthOf = ({ level, index }: TileAddress, size: number): number =>
  Math.max(0, Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH));

/** The tile in which the hash of a subtree is, or is computed from. */
const tileOf = ({ height, index }: Subtree): TileAddress & { first: number; count: number } => {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const place = index * count;
  return { level, index: Math.floor(place / TILE_WIDTH), first: place % TILE_WIDTH, count };
};

/** Tiles by name, as they were read or made. */
export type Tiles = ReadonlyMap<string, Uint8Array>;

/** A tile is not there, or is shorter than the tree says: the log was damaged. */
export class TileMissing extends Error {
  override name = 'TileMissing';
  constructor(readonly tile: TileAddress) {
    super(`the tile ${nameOf(tile)} of the log is missing, or damaged`);
  }
}

const subtreeHash = (tiles: Tiles, subtree: Subtree): Uint8Array => {
  const { first, count, ...tile } = tileOf(subtree);
  const bytes = tiles.get(nameOf(tile));
  if (!bytes || bytes.length < (first + count) * HASH_LENGTH) throw new TileMissing(tile);
  return joined(hashesIn(bytes, first, count));
};

const hashesIn = (bytes: Uint8Array, first: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) => bytes.subarray((first + at) * HASH_LENGTH, (first + at + 1) * HASH_LENGTH));

/** The root over as many hashes of one height as is a power of two. */
const joined = (hashes: Uint8Array[]): Uint8Array => {
  let level = hashes;
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, at) =>
      nodeHash(below[at * 2] as Uint8Array, below[at * 2 + 1] as Uint8Array),
    );
  }
  return level[0] as Uint8Array;
};

/** What must be read before a proof, or a root, can be made: each tile once. */
export const tilesFor = (ranges: readonly (readonly [begin: number, end: number])[]): TileAddress[] => {
  const wanted = new Map<string, TileAddress>();
  for (const [begin, end] of ranges)
    for (const subtree of coverOf(begin, end)) {
      const { level, index } = tileOf(subtree);
      wanted.set(nameOf({ level, index }), { level, index });
    }
  return [...wanted.values()];
};

/** The hash over some leaves, as RFC 6962 computes it. */
export const hashOf = (tiles: Tiles, [begin, end]: readonly [number, number]): Uint8Array =>
  foldCover(coverOf(begin, end).map((subtree) => subtreeHash(tiles, subtree)));

export const inclusionProof = (tiles: Tiles, index: number, size: number): Uint8Array[] =>
  inclusionRanges(index, size).map((range) => hashOf(tiles, range));

export const consistencyProof = (tiles: Tiles, older: number, newer: number): Uint8Array[] =>
  consistencyRanges(older, newer).map((range) => hashOf(tiles, range));

/** The hashes that a `CompactTree` of this size goes on from. */
export const compactHashes = (tiles: Tiles, size: number): Uint8Array[] =>
  coverOf(0, size).map((subtree) => subtreeHash(tiles, subtree));

export const leafHashAt = (tiles: Tiles, index: number): Uint8Array => subtreeHash(tiles, { height: 0, index });

/** The tiles at the right end of a tree that are not full: at most one of each level. They are what appending reads. */
export const edgeOf = (size: number): TileAddress[] => {
  const edge: TileAddress[] = [];
  for (let level = 0, width = size; width > 0; level += 1, width = Math.floor(width / TILE_WIDTH))
    if (width % TILE_WIDTH > 0) edge.push({ level, index: Math.floor(width / TILE_WIDTH) });
  return edge;
};

/**
 * Adds leaves at the right end. `tiles` holds the edge of the tree as it is, each cut to what the tree has; the answer
 * holds each tile that is new or longer, and the root of the larger tree.
 */
export const appendLeaves = (
  tiles: Tiles,
  size: number,
  leaves: readonly Uint8Array[],
): { size: number; root: Uint8Array; written: Tile[] } => {
  const known = new Map(tiles);
  const written = new Map<string, Tile>();
  let added: Uint8Array[] = [...leaves];
  for (let level = 0, before = size; added.length > 0; level += 1, before = Math.floor(before / TILE_WIDTH)) {
    const above: Uint8Array[] = [];
    let index = Math.floor(before / TILE_WIDTH);
    let filled = before % TILE_WIDTH;
    while (added.length > 0) {
      const tile = { level, index };
      const kept = filled === 0 ? new Uint8Array() : known.get(nameOf(tile));
      if (kept?.length !== filled * HASH_LENGTH) throw new TileMissing(tile);
      const taken = added.slice(0, TILE_WIDTH - filled);
      const hashes = concat(kept, ...taken);
      known.set(nameOf(tile), hashes);
      written.set(nameOf(tile), { ...tile, hashes });
      if (filled + taken.length === TILE_WIDTH) above.push(joined(hashesIn(hashes, 0, TILE_WIDTH)));
      added = added.slice(taken.length);
      index += 1;
      filled = 0;
    }
    added = above;
  }
  const larger = size + leaves.length;
  return { size: larger, root: hashOf(known, [0, larger]), written: [...written.values()] };
};
