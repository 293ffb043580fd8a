import type * as z from 'zod';
import { toBase64 } from '@muster/tlog/crypto';
import { consistencyRanges, inclusionRanges } from '@muster/tlog/merkle';
import { consistencyProof, inclusionProof, leafHashAt, tilesFor } from '@muster/tlog/tiles';
import { openingsOf, type Opening } from '@muster/tlog/leaf';
import type { auditProve, PersonalField } from '@muster/contract/audit/evidence';
import { defineRead, type ReadContext } from '../../../platform/operations/define-read';
import { logCheckpointAt } from '../log/log-documents';
import { readHead, readSalts, readTiles } from '../log/log-reader';
import { partsOf, storedEntryAt } from './evidence-reader';
import { beyondLog, logDamaged, nothingSealed, notSealed, unknownEntry, whole } from './evidence-errors';

type Asked = z.output<typeof auditProve.request>;
type Answer = z.input<typeof auditProve.response>;
type Reads = ReadContext['work'];

/**
 * `audit-prove`: the revocation record, the head, the entry, the heads of the sizes, and two tiles of each level of the tree: ten
 * million leaves have three levels.
 */
export const proveEntry = defineRead('audit-prove', {
  cost: { reads: 14, writes: 0 },
  async answer({ work }, asked) {
    const head = await readHead(work);
    if (!head) throw nothingSealed();
    const { origin } = head;
    if (asked.older !== undefined && asked.newer !== undefined)
      return { origin, inclusion: null, consistency: await consistency(work, asked.older, asked.newer, head.size) };
    return { origin, inclusion: await inclusion(work, asked, head.size), consistency: null };
  },
});

const inclusion = async (work: Reads, asked: Asked, newest: number): Promise<Answer['inclusion']> => {
  const size = asked.size ?? newest;
  if (size > newest) throw beyondLog('size', newest);
  const leafIndex = asked.leafIndex ?? (await placeOf(work, asked.entryId ?? ''));
  if (leafIndex >= size) throw beyondLog(asked.leafIndex === undefined ? 'size' : 'leafIndex', size);
  const ranges = [[leafIndex, leafIndex + 1] as const, ...inclusionRanges(leafIndex, size)];
  const tiles = await readTiles(work, tilesFor(ranges), size);
  const proven = whole(() => ({
    hash: toBase64(leafHashAt(tiles, leafIndex)),
    proof: inclusionProof(tiles, leafIndex, size).map(toBase64),
  }));
  const opened = asked.open === undefined ? {} : await openedIn(work, asked.entryId ?? '', asked.open);
  return { leafIndex, size, ...proven, note: await noteOf(work, size), opened };
};

const placeOf = async (work: Reads, id: string): Promise<number> => {
  const data = await work.read(storedEntryAt(id));
  if (!data) throw unknownEntry('entryId');
  const place = data['leafIndex'];
  if (place === null) throw notSealed();
  if (typeof place !== 'number' || !Number.isSafeInteger(place) || place < 0) throw unknownEntry('entryId');
  return place;
};

/** What opens some commitments of an entry. What was changed since it was sealed opens none, and whoever checks finds that out. */
const openedIn = async (
  work: Reads,
  id: string,
  fields: readonly PersonalField[],
): Promise<Partial<Record<PersonalField, Opening>>> => {
  const [place, data] = [await placeOf(work, id), (await work.read(storedEntryAt(id))) ?? {}];
  const saltOf = await readSalts(work, [place]);
  const { entry, salt } = partsOf(place, [{ id, data }], { tiles: new Map(), saltOf });
  if (!entry || salt === null) throw logDamaged(`the entry ${id} is no longer what it was`);
  const openings = openingsOf(entry, salt);
  return Object.fromEntries(fields.flatMap((field) => (openings[field] ? [[field, openings[field]]] : [])));
};

const consistency = async (
  work: Reads,
  older: number,
  newer: number,
  newest: number,
): Promise<Answer['consistency']> => {
  if (newer > newest) throw beyondLog('newer', newest);
  const tiles = await readTiles(work, tilesFor(consistencyRanges(older, newer)), newer);
  await work.prefetch([logCheckpointAt(older), logCheckpointAt(newer)]);
  return {
    older,
    newer,
    proof: whole(() => consistencyProof(tiles, older, newer).map(toBase64)),
    olderNote: await noteOf(work, older),
    newerNote: await noteOf(work, newer),
  };
};

/** Heads are signed of the sizes that sealing ended at, and of no others. */
const noteOf = async (work: Reads, size: number): Promise<string | null> =>
  (await work.read(logCheckpointAt(size)))?.note ?? null;
