/** Sealing: what waits is given its place in the log, and the head is signed, in one commit. */
import * as z from 'zod';
import type { Salts } from '@muster/core/audit/salts';
import { auditEntry, type AuditEntry } from '@muster/core/audit/audit-entry';
import type { Clock } from '@muster/core/clock';
import type { BoundedQuery } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import type { Log } from '@muster/core/log';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { appendLeaves, edgeOf, nameOf, TILE_WIDTH, type Tile } from '@muster/tlog/tiles';
import type { KeepLog } from '../../../platform/operations/keep-log';
import type { LogSigner } from '../../../platform/adapters/log-signer';
import { adoptNext, unbegun } from './adopt';
import { logCheckpointAt, logHeadAt, logTileAt, type LogHead, type LogTile } from './log-documents';
import { readSalts, readTiles, type SaltOf } from './log-reader';
import { hashOfEntry } from './sealed-entry';

/** So many entries are sealed by one commit: with tiles and heads they stay within 500 writes, and far from 10 MiB. */
export const BATCH = 200;

export interface Sealing {
  keepLog: KeepLog;
  clock: Clock;
  log: Log;
  salts: Salts;
  signer: LogSigner;
}

export interface Sealed {
  sealed: number;
  /** Commits that it took. */
  commits: number;
  /** Whether entries are left. */
  left: boolean;
  /** Documents among the entries that are none; they are in the log by their path, and not in the tree. */
  malformed: number;
  /** Whether salts of before still stand in their entries. */
  saltsLeft: boolean;
}

/** Every key that has signed heads of this log, the newest first: older heads are verified with older keys. */
const everSigned = (head: LogHead, { keys }: LogSigner): string[] => [...new Set([...keys, ...head.keys])];

type BatchSealed = Pick<Sealed, 'sealed' | 'malformed' | 'saltsLeft'> & { more: boolean };

/**
 * Seals what waits, oldest first, until nothing is left or it is `until`. Any number may run at once, and each may die at any
 * step: a batch is committed whole, by one of them, or not at all.
 */
export const sealWaiting = async (sealing: Sealing, until: Date): Promise<Sealed> => {
  const sum: Sealed = { sealed: 0, commits: 0, left: true, malformed: 0, saltsLeft: false };
  try {
    for (;;) {
      const { sealed, malformed, saltsLeft, more } = await sealing.keepLog((work) => sealNext(work, sealing));
      sum.sealed += sealed;
      sum.malformed = malformed;
      sum.saltsLeft = saltsLeft;
      if (sealed > 0) sum.commits += 1;
      if (!more) return { ...sum, left: false };
      if (sealing.clock() >= until) return sum;
    }
  } catch (error) {
    // Others seal at this very moment, and keep being faster: what waits is in good hands.
    if (error instanceof MusterError && error.code === 'CONTENTION') return sum;
    throw error;
  }
};

/** The first steps of all begin the log, and give entries of 0.1.0 what they lack. */
const sealNext = async (work: Work, sealing: Sealing): Promise<BatchSealed> => {
  const { clock, signer } = sealing;
  const head = (await work.read(logHeadAt())) ?? unbegun(signer, clock());
  const { adoptedUpTo } = head;
  if (adoptedUpTo === null) return sealBatch(work, head, sealing);
  await adoptNext(work, { ...head, adoptedUpTo });
  return { sealed: 0, malformed: 0, saltsLeft: true, more: true };
};

const sealBatch = async (work: Work, head: LogHead, { clock, log, salts, signer }: Sealing): Promise<BatchSealed> => {
  refuseOtherLog(head, signer);
  const { entries, malformed, full } = await waitingIn(work, log);
  const saltsLeft = head.saltsMovedBelow !== null;
  if (entries.length === 0) return { sealed: 0, malformed, saltsLeft, more: false };

  const edge = await readTiles(work, edgeOf(head.size), head.size);
  const saltBefore = await readSalts(work, edge.size === 0 ? [] : [head.size - 1]);
  const made = entries.map(() => salts());
  const saltOf: SaltOf = (leaf) => made[leaf - head.size] ?? saltBefore(leaf);
  const grown = appendLeaves(
    edge,
    head.size,
    entries.map(({ id, data }, at) => hashOfEntry(id, data, saltOf(head.size + at))),
  );
  for (const [place, { path, data }] of entries.entries()) {
    // A guard of before has given it one, which anybody who reads the audit has read: it hides nothing, and is not the leaf's.
    const salt = data.salt === undefined ? {} : { salt: '' };
    const set = { leafIndex: head.size + place, ...salt };
    work.stage({ kind: 'update', path, data: set, expects: work.expectationOf(path) });
  }
  for (const tile of grown.written) {
    const address = logTileAt(tile);
    if (edge.has(nameOf(tile))) work.write(address, toStored(tile, saltOf));
    else work.create(address, toStored(tile, saltOf));
  }
  // The clocks of two machines differ; the times of heads go forward all the same.
  const sealedAt = new Date(Math.max(clock().getTime(), head.sealedAt.getTime()));
  const { origin } = head;
  const { size, root } = grown;
  const note = signer.sign({ size, root }, sealedAt);
  work.create(logCheckpointAt(size), { origin, size, root, note, sealedAt });
  work.write(logHeadAt(), { ...head, size, root, note, sealedAt, keys: everSigned(head, signer) });
  return { sealed: entries.length, malformed, saltsLeft, more: full };
};

/** Over the leaves themselves a tile has their salts too, written by the commit that made the leaves of them. */
const toStored = ({ level, index, hashes }: Tile, saltOf: SaltOf): LogTile => {
  if (level > 0) return { hashes };
  const salts = Array.from({ length: hashes.length / HASH_LENGTH }, (_, at) => saltOf(index * TILE_WIDTH + at));
  return { hashes, salts };
};

/** A key of another name is of another log: it would go on from a tree that it never signed. */
const refuseOtherLog = (head: LogHead, { origin }: LogSigner): void => {
  if (head.origin === origin) return;
  throw new Error(
    `MUSTER_LOG_KEY is of the log ${origin}, and this is the log ${head.origin}: its keys keep their name when they are replaced.`,
  );
};

type Waiting = { id: string; path: string; data: AuditEntry };

/** Documents that are no entries stay at the front of what waits: they are passed by, so many pages of them at the most. */
const PAGES = 5;

const waitingIn = async (work: Work, log: Log): Promise<{ entries: Waiting[]; malformed: number; full: boolean }> => {
  const entries: Waiting[] = [];
  let malformed = 0;
  let after: BoundedQuery<unknown>['after'];
  for (let page = 0; page < PAGES; page += 1) {
    const found = await work.find(waiting(after));
    for (const { id, path, data } of found) {
      const parsed = auditEntry.safeParse(data);
      if (parsed.success) entries.push({ id, path, data: parsed.data });
      else {
        malformed += 1;
        log.critical('a document among the audit entries is none, and was not sealed', { path });
      }
    }
    const last = found.at(-1);
    const full = found.length === BATCH;
    if (entries.length > 0 || !full || !last) return { entries, malformed, full };
    after = { values: [last.data['at'] as Date], id: last.id };
  }
  return { entries, malformed, full: false };
};

export const waiting = (after?: BoundedQuery<unknown>['after']): BoundedQuery<Record<string, unknown>> => ({
  collection: collections.audit,
  schema: z.record(z.string(), z.unknown()),
  where: [{ field: 'leafIndex', is: '==', value: null }],
  orderBy: [{ field: 'at', direction: 'asc' }],
  limit: BATCH,
  ...(after ? { after } : {}),
});
