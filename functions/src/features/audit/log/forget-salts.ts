/** What has come to its end, and was deleted by the database, is forgotten: without its salt no commitment can be guessed at. */
import type { Work } from '@muster/core/storage/work';
import { TILE_WIDTH } from '@muster/tlog/tiles';
import { holdsAt } from './holds';
import { inRange, logHeadAt, logTileAt } from './log-documents';

/**
 * Empties the salts of the next leaves that have come to their end and whose entries are gone, of one tile at the most; answers how
 * many. An entry that is still there, under a hold or not yet deleted, keeps its salt, and those behind it wait for it.
 */
export const forgetNext = async (work: Work): Promise<number> => {
  const { endedBelow } = (await work.read(holdsAt())) ?? { endedBelow: 0 };
  if (endedBelow === 0) return 0;
  const head = await work.read(logHeadAt());
  // Salts that are still in entries go with them.
  if (!head || head.saltsMovedBelow !== null) return 0;
  const begin = head.saltsForgottenBelow;
  const index = Math.floor(begin / TILE_WIDTH);
  const ended = Math.min(endedBelow, head.size, (index + 1) * TILE_WIDTH);
  if (begin >= ended) return 0;
  const [first] = await work.find(inRange(begin, ended, 1));
  const end = first ? Math.floor(Number(first.data['leafIndex'])) : ended;
  if (begin >= end) return 0;

  const address = logTileAt({ level: 0, index });
  const tile = await work.read(address);
  const [from, to] = [begin - index * TILE_WIDTH, end - index * TILE_WIDTH];
  if (tile?.salts)
    work.write(address, { ...tile, salts: tile.salts.map((salt, at) => (at >= from && at < to ? '' : salt)) });
  work.write(logHeadAt(), { ...head, saltsForgottenBelow: end });
  return end - begin;
};
