import { MusterError } from '@muster/core/errors';
import { toBase64 } from '@muster/tlog/crypto';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { parseTilePath, widthOf } from '@muster/tlog/tiles';
import { defineRead } from '../../../platform/operations/define-read';
import { logDamaged } from '../evidence/evidence-errors';
import { logTileAt } from '../log/log-documents';
import { readHead } from '../log/log-reader';

/**
 * A tile as C2SP tlog-tiles serves it: the revocation record, the head and the tile. Of a tile that has grown since, what it
 * once had is served too: hashes are added behind, and never change.
 */
export const readTile = defineRead('audit-log-tile', {
  cost: { reads: 3, writes: 0 },
  async answer({ work }, { tile: path }) {
    const tile = parseTilePath(path);
    const head = await readHead(work);
    if (!tile || !head || tile.width > widthOf(tile, head.size)) throw noSuchTile();
    const stored = await work.read(logTileAt({ level: tile.level, index: tile.index }));
    const hashes = stored?.hashes.subarray(0, tile.width * HASH_LENGTH);
    // The tree says that it is there, so somebody has damaged it: what is left is not handed out as a tile.
    if (hashes?.length !== tile.width * HASH_LENGTH) throw logDamaged(`tile ${path}`);
    return { hashes: toBase64(hashes) };
  },
});

const noSuchTile = (): MusterError =>
  new MusterError('NOT_FOUND', 'The log has no such tile, or not as many hashes in it.', {
    reason: 'UNKNOWN_ENTRY',
    fields: [{ field: 'tile', problem: 'a tile of the tree that /api/audit/log/checkpoint is the head of' }],
  });
