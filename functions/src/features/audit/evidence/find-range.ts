import type { BoundedQuery } from '@muster/core/storage/documents';
import { auditEntry } from '@muster/core/audit/audit-entry';
import { collections } from '@muster/core/storage/paths';
import * as z from 'zod';
import { toBase64 } from '@muster/tlog/crypto';
import type { EntryRecord, Shown } from '@muster/tlog/export';
import { EXPIRY_RAN, PERSONAL_FIELDS } from '@muster/tlog/leaf';
import { consistencyRanges, coverOf } from '@muster/tlog/merkle';
import { sameBytes } from '@muster/tlog/bytes';
import { parseCheckpoint, type Checkpoint } from '@muster/tlog/checkpoint';
import { NoteError, parseNote } from '@muster/tlog/note';
import { compactHashes, consistencyProof, tilesFor } from '@muster/tlog/tiles';
import { defineRead, type ReadContext } from '../../../platform/operations/define-read';
import { newestUpTo, oldestFrom, toTreeHead, type LogCheckpoint } from '../log/log-documents';
import { readHead, readTiles } from '../log/log-reader';
import { DAY_MS } from '../log/retention';
import { logDamaged, nothingSealed, whole } from './evidence-errors';
import type { AsStored } from '../log/log-documents';
import { isPlaced, placeOf, type Found } from './evidence-reader';
import { provenRows } from './export-entries';

type Reads = ReadContext['work'];

/** Clocks of machines differ by less, and no entry waits longer: what happened in a time is between heads so far around it. */
const EARLIER_MS = 5 * 60_000;
const LATER_MS = 60 * 60_000;

/**
 * `audit-range`: the revocation record, the head, three older ones, two runs of expiry, and the tiles of four proofs, two of each
 * level at the most.
 */
export const findRange = defineRead('audit-range', {
  cost: { reads: 32, writes: 0 },
  async answer({ work, now }, { from, to }) {
    const newest = await readHead(work);
    if (!newest) throw nothingSealed();
    refuseForeignNote(newest);
    const before = from === undefined ? undefined : await headOf(work, newestUpTo(shifted(from, -EARLIER_MS)));
    const after = to === undefined ? undefined : await headOf(work, oldestFrom(shifted(to, LATER_MS)));
    const { size } = newest;
    const run = await newestRun(work, size);
    const horizon = run && (await headOf(work, newestUpTo(run.dueAt)));
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
      horizon:
        run && horizon
          ? { head: toTreeHead(horizon), consistency: proofs.expired, run: await runRecord(work, run.found, size) }
          : null,
      now: now.toISOString(),
    };
  },
});

/** The last two, because the last may wait to be sealed. */
const runs: BoundedQuery<AsStored> = {
  collection: collections.audit,
  schema: z.record(z.string(), z.unknown()),
  where: [{ field: 'action', is: '==', value: EXPIRY_RAN }],
  orderBy: [{ field: 'at', direction: 'desc' }],
  limit: 2,
};

/** The newest run of expiry that the head has, and the time from which on nothing was due for it. */
const newestRun = async (work: Reads, size: number): Promise<{ found: Found; dueAt: Date } | undefined> => {
  for (const found of await work.find(runs)) {
    const parsed = auditEntry.safeParse(found.data);
    const { at, keeping = null } = parsed.data ?? {};
    if (isPlaced(found) && placeOf(found) < size && at && keeping)
      return { found, dueAt: new Date(at.getTime() - keeping.retentionDays * DAY_MS) };
  }
  return undefined;
};

const NOTHING_SHOWN: Shown = { withheld: new Set(PERSONAL_FIELDS) };

const runRecord = async (work: Reads, run: Found, size: number): Promise<EntryRecord> => {
  const [record] = await provenRows(work, [run], size, NOTHING_SHOWN);
  if (record?.kind !== 'entry') throw logDamaged('its newest run of expiry is no longer what was sealed');
  return record;
};

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
