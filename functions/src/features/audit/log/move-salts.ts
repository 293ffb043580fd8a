/** Salts of before stood in their entries, where whoever reads the audit reads them. They are moved to the tiles, once (ADR 13). */
import { auditEntry } from '@muster/core/audit/audit-entry';
import { MusterError } from '@muster/core/errors';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { sameBytes } from '@muster/tlog/bytes';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { TILE_WIDTH } from '@muster/tlog/tiles';
import { changed, unchanged, type Decision } from '../../../platform/operations/change';
import type { JobContext } from '../../../platform/operations/job';
import { inRange, logHeadAt, logTileAt } from './log-documents';
import { hashOfEntry } from './sealed-entry';

/** A tile has 256 leaves; what somebody has put beside them past Muster is found too, and all of it is within 500 writes. */
const AT_ONCE = 400;
/** Tiles of one run. */
const MOST_TILES = 20;

/** The action of the entry that says that no entry has a salt any more. */
export const SALTS_MOVED = 'audit_log.salts_moved';

type Moving = Pick<JobContext, 'keepLog' | 'change' | 'clock' | 'log'>;

interface Moved {
  moved: number;
  /** Whether salts may be left in entries. */
  left: boolean;
}

/**
 * Moves salts out of entries, tile by tile, until none is left, twenty tiles are done, or it is `until`. Each tile is one commit with
 * its entries: a salt is in its entry or in its tile, whoever dies when. The end of it is an entry of the log. Answers how many
 * entries were touched.
 */
export const moveSalts = async ({ keepLog, change, clock, log }: Moving, until: Date): Promise<number> => {
  let moved = 0;
  try {
    for (let tile = 0; tile < MOST_TILES && clock() < until; tile += 1) {
      const step = await keepLog(moveNext);
      if (step.lost)
        log.critical('a tile of the log is missing, and the salts of its entries were left in them', {
          tile: step.lost,
        });
      moved += step.moved;
      if (!step.left && (await change('salts_moved', sayMoved))) return moved;
    }
  } catch (error) {
    // Others seal at this very moment; the next run goes on from here.
    if (!(error instanceof MusterError && error.code === 'CONTENTION')) throw error;
  }
  return moved;
};

/** Nothing is left, unless a sealer of the release before was at work meanwhile. */
const sayMoved = async (work: Work): Promise<Decision<boolean>> => {
  const head = await work.read(logHeadAt());
  if (!head || head.saltsMovedBelow === null) return unchanged(true);
  if (head.saltsMovedBelow < head.size) return unchanged(false);
  work.write(logHeadAt(), { ...head, saltsMovedBelow: null });
  return changed(true, { action: SALTS_MOVED, target: logicalName(paths.auditLog()) });
};

/** The next tile. `lost` is its path where there is none. */
const moveNext = async (work: Work): Promise<Moved & { lost?: string }> => {
  const head = await work.read(logHeadAt());
  if (!head || head.saltsMovedBelow === null || head.saltsMovedBelow >= head.size) return { moved: 0, left: false };
  const index = Math.floor(head.saltsMovedBelow / TILE_WIDTH);
  const [begin, end] = [index * TILE_WIDTH, (index + 1) * TILE_WIDTH];
  const left = end < head.size;
  const done = () => work.write(logHeadAt(), { ...head, saltsMovedBelow: end });

  const address = logTileAt({ level: 0, index });
  const tile = await work.read(address);
  if (!tile) {
    done();
    return { moved: 0, left, lost: address.path };
  }
  const salts = Array.from({ length: tile.hashes.length / HASH_LENGTH }, (_, at) => tile.salts?.[at] ?? '');
  const withSalt = (await work.find(inRange(begin, end, AT_ONCE))).filter(({ data }) => data['salt'] !== undefined);
  for (const { id, path, data } of withSalt) {
    const entry = auditEntry.safeParse(data).data;
    const at = Number(data['leafIndex']) - begin;
    if (entry?.salt && salts[at] !== undefined) {
      // Of two that claim one place, the one that was sealed there.
      const hash = tile.hashes.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH);
      if (salts[at] === '' || sameBytes(hashOfEntry(id, entry, entry.salt), hash)) salts[at] = entry.salt;
    }
    if (data['salt'] !== '')
      work.stage({ kind: 'update', path, data: { salt: '' }, expects: work.expectationOf(path) });
  }
  if (withSalt.length > 0) work.write(address, { ...tile, salts });
  done();
  return { moved: withSalt.length, left };
};
