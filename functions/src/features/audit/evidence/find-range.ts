import type { BoundedQuery } from '@muster/core/storage/documents';
import { toBase64 } from '@muster/tlog/crypto';
import { consistencyRanges, coverOf } from '@muster/tlog/merkle';
import { sameBytes } from '@muster/tlog/bytes';
import { parseCheckpoint, type Checkpoint } from '@muster/tlog/checkpoint';
import { NoteError, parseNote } from '@muster/tlog/note';
import { compactHashes, consistencyProof, tilesFor } from '@muster/tlog/tiles';
import { defineRead, type ReadContext } from '../../../platform/operations/define-read';
import { newestUpTo, oldestFrom, toTreeHead, type LogCheckpoint } from '../log/log-documents';
import { readHead, readTiles } from '../log/log-reader';
import { logDamaged, nothingSealed, whole } from './evidence-errors';

type Reads = ReadContext['work'];

/** Clocks of machines differ by less, and no entry waits longer: what happened in a time is between heads so far around it. */
const EARLIER_MS = 5 * 60_000;
const LATER_MS = 60 * 60_000;

/** No shorter retention can be set: what is sealed later than this cannot have expired. */
export const HORIZON_MS = 180 * 24 * 60 * 60_000;

/**
 * `audit-range`: the revocation record, the head, three older ones, and the tiles of three proofs, two of each level at the most.
 */
export const findRange = defineRead('audit-range', {
  cost: { reads: 24, writes: 0 },
  async answer({ work, now }, { from, to }) {
    const newest = await readHead(work);
    if (!newest) throw nothingSealed();
    refuseForeignNote(newest);
    const before = from === undefined ? undefined : await headOf(work, newestUpTo(shifted(from, -EARLIER_MS)));
    const after = to === undefined ? undefined : await headOf(work, oldestFrom(shifted(to, LATER_MS)));
    const horizon = await headOf(work, newestUpTo(new Date(now.getTime() - HORIZON_MS)));
    const { size } = newest;
    const [begin, end, expired] = [before?.size ?? 0, after?.size ?? size, horizon?.size ?? 0];
    const ranges = [
      ...coverOf(0, begin).map(({ height, index }) => [index * 2 ** height, (index + 1) * 2 ** height] as const),
      ...consistencyRanges(end, size),
      ...consistencyRanges(expired, size),
    ];
    const tiles = await readTiles(work, tilesFor(ranges), size);
    const proofs = whole(() => ({
      left: compactHashes(tiles, begin).map(toBase64),
      consistency: consistencyProof(tiles, end, size).map(toBase64),
      expired: consistencyProof(tiles, expired, size).map(toBase64),
    }));
    return {
      head: toTreeHead(newest),
      keys: newest.keys,
      begin,
      end,
      before: before ? toTreeHead(before) : null,
      after: after ? toTreeHead(after) : null,
      left: proofs.left,
      consistency: proofs.consistency,
      horizon: horizon ? { head: toTreeHead(horizon), consistency: proofs.expired } : null,
      now: now.toISOString(),
    };
  },
});

const headOf = async (work: Reads, query: BoundedQuery<LogCheckpoint>): Promise<LogCheckpoint | undefined> =>
  (await work.find(query))[0]?.data;

const shifted = (time: string, ms: number): Date => new Date(Date.parse(time) + ms);

/** What stands beside the note must be what was signed, or proofs would be made of another tree. */
const refuseForeignNote = ({ origin, size, root, note }: LogCheckpoint): void => {
  let signed: Checkpoint | undefined;
  try {
    signed = parseCheckpoint(parseNote(note).text);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
  }
  if (signed?.origin !== origin || signed.size !== size || !sameBytes(signed.root, root))
    throw logDamaged('its head is not what was signed');
};
