/** What the log says, and what proofs are made of. Reads grow with the logarithm of its size. */
import type { Work } from '@muster/core/storage/work';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { nameOf, TILE_WIDTH, widthOf, type TileAddress, type Tiles } from '@muster/tlog/tiles';
import { logHeadAt, logTileAt, type LogHead } from './log-documents';

type Reads = Pick<Work, 'prefetch' | 'read'>;

/** The head of the log, or undefined when nothing was ever sealed. */
export const readHead = async (work: Reads): Promise<LogHead | undefined> => {
  const head = await work.read(logHeadAt());
  return head && head.note !== '' ? head : undefined;
};

/** The tiles as they were when the tree had this size: one document each, in one round trip. What is missing stays missing. */
export const readTiles = async (work: Reads, wanted: readonly TileAddress[], size: number): Promise<Tiles> => {
  await work.prefetch(wanted.map(logTileAt));
  const found = await Promise.all(wanted.map(async (tile) => [tile, await work.read(logTileAt(tile))] as const));
  return new Map(
    found.flatMap(([tile, stored]) =>
      stored ? [[nameOf(tile), stored.hashes.subarray(0, widthOf(tile, size) * HASH_LENGTH)]] : [],
    ),
  );
};

/** The salt of a leaf; empty where its tile has none. */
export type SaltOf = (leafIndex: number) => string;

/** The salts of some leaves. They stand in the tiles of their hashes, so that whoever has read those reads nothing more. */
export const readSalts = async (work: Reads, leaves: readonly number[]): Promise<SaltOf> => {
  const wanted = [...new Set(leaves.map((leaf) => Math.floor(leaf / TILE_WIDTH)))];
  const addresses = wanted.map((index) => logTileAt({ level: 0, index }));
  await work.prefetch(addresses);
  const found = await Promise.all(addresses.map((address) => work.read(address)));
  const salts = new Map(wanted.map((index, at) => [index, found[at]?.salts ?? []]));
  return (leaf) => salts.get(Math.floor(leaf / TILE_WIDTH))?.[leaf % TILE_WIDTH] ?? '';
};
