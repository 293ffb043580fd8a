import type * as z from 'zod';
import { toBase64 } from '@muster/tlog/crypto';
import { inclusionRanges } from '@muster/tlog/merkle';
import {
  inclusionProof,
  nameOf,
  TileMissing,
  tilesFor,
  TILE_WIDTH,
  type TileAddress,
  type Tiles,
} from '@muster/tlog/tiles';
import type { auditExport } from '@muster/contract/audit/evidence';
import { evidenceRecord, type BodyRecord, type EvidenceParts, type Shown } from '@muster/tlog/export';
import { defineRead, type ReadContext } from '../../../platform/operations/define-read';
import { inRange } from '../log/log-documents';
import { readHead, readSalts, readTiles } from '../log/log-reader';
import {
  fromPlaceCursor,
  inSelection,
  isPlaced,
  lastPlaced,
  partsOf,
  placeOf,
  rowsOfRange,
  storedEntryAt,
  toPlaceCursor,
  toStray,
  type Found,
} from './evidence-reader';
import { beyondLog, nothingSealed, notSealed, unknownEntry } from './evidence-errors';

type Asked = z.output<typeof auditExport.request>;
type Page = z.input<typeof auditExport.response>;
type Reads = ReadContext['work'];

/**
 * `audit-export`: the revocation record, the head, and for a range its entries, one more, the two tiles that its hashes are in,
 * and at the end of the log whoever claims a place beyond it. A selection reads the tile of each of its entries,
 * and those at the right end of the tree, besides.
 */
export const exportEntries = defineRead('audit-export', {
  cost: { reads: 12, writes: 0, readsPerRow: 2 },
  async answer({ work }, asked) {
    // After the last place was asked for: who seals meanwhile must not look like somebody who forges.
    const beyond = asked.end === asked.size ? await work.find(lastPlaced(asked.size)) : [];
    const head = await readHead(work);
    if (!head) throw nothingSealed();
    if (asked.size > head.size) throw beyondLog('size', head.size);
    const page = await pageOf(work, asked);
    return { ...page, strays: [...page.strays, ...beyond.filter((one) => placeOf(one) >= head.size).map(toStray)] };
  },
});

const pageOf = (work: Reads, asked: Asked): Promise<Page> => {
  const { entryId, begin, end, size } = asked;
  const shown = shownIn(asked);
  if (entryId !== undefined) return oneEntry(work, entryId, size, shown);
  if (begin !== undefined && end !== undefined) return rangeOf(work, { begin, end, size }, shown);
  return selectionOf(work, asked, shown);
};

const shownIn = ({ withhold, from, to }: Asked): Shown => ({
  withheld: new Set(withhold),
  period: { from: from ?? null, to: to ?? null },
});

const rangeOf = async (
  work: Reads,
  { begin, end, size }: Record<'begin' | 'end' | 'size', number>,
  shown: Shown,
): Promise<Page> => {
  // One more than it has leaves: whether two claim one place.
  const found = begin < end ? await work.find(inRange(begin, end, end - begin + 1)) : [];
  const tiles = await readTiles(work, tilesOf(begin, end), size);
  const saltOf = await readSalts(work, begin < end ? [begin, end - 1] : []);
  return { ...rowsOfRange({ begin, end }, found, { tiles, saltOf }, shown), nextCursor: null };
};

/** The tiles that the hashes of some leaves are in. */
const tilesOf = (begin: number, end: number): TileAddress[] => {
  const first = Math.floor(begin / TILE_WIDTH);
  const count = Math.max(0, Math.ceil(end / TILE_WIDTH) - first);
  return Array.from({ length: count }, (_, at) => ({ level: 0, index: first + at }));
};

const selectionOf = async (work: Reads, asked: Asked, shown: Shown): Promise<Page> => {
  const { size, limit } = asked;
  const begin = asked.cursor === undefined ? 0 : fromPlaceCursor(asked.cursor);
  const found = await work.find(inSelection(asked, { begin, size, limit }));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const [placed, strays] = [page.filter(isPlaced), page.filter((one) => !isPlaced(one))];
  return {
    rows: await provenRows(work, placed, size, shown),
    strays: strays.map(toStray),
    nextCursor: found.length > limit && last ? toPlaceCursor(Math.floor(placeOf(last)) + 1) : null,
  };
};

const oneEntry = async (work: Reads, id: string, size: number, shown: Shown): Promise<Page> => {
  const data = await work.read(storedEntryAt(id));
  if (!data) throw unknownEntry('entryId');
  const one: Found = { id, data };
  if (data['leafIndex'] === null) throw notSealed();
  if (!isPlaced(one) || placeOf(one) >= size) return { rows: [], strays: [toStray(one)], nextCursor: null };
  return { rows: await provenRows(work, [one], size, shown), strays: [], nextCursor: null };
};

/** Each with its inclusion proof; the tiles of all of them are read in one round trip. */
export const provenRows = async (
  work: Reads,
  found: readonly Found[],
  size: number,
  shown: Shown,
): Promise<BodyRecord[]> => {
  const ranges = found.flatMap((one) => [
    [placeOf(one), placeOf(one) + 1] as const,
    ...inclusionRanges(placeOf(one), size),
  ]);
  const tiles = await readTiles(work, tilesFor(ranges), size);
  const saltOf = await readSalts(work, found.map(placeOf));
  return found.map((one) =>
    evidenceRecord(proven(partsOf(placeOf(one), [one], { tiles, saltOf }), tiles, size), shown),
  );
};

const proven = (row: EvidenceParts, tiles: Tiles, size: number): EvidenceParts => {
  try {
    return { ...row, proof: inclusionProof(tiles, row.leafIndex, size).map(toBase64) };
  } catch (error) {
    if (!(error instanceof TileMissing)) throw error;
    return { ...row, proof: [], damaged: [...row.damaged, `tile ${nameOf(error.tile)}`] };
  }
};
