/** What the log says, and what proofs are made of. Reads grow with the logarithm of its size. */
import type { Work } from '@muster/core/storage/work';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { nameOf, widthOf, type TileAddress, type Tiles } from '@muster/tlog/tiles';
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
