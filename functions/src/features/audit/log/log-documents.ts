/** The log as stored: its head, its tiles, every head it ever signed. Written by sealing alone. */
import * as z from 'zod';
import { collections, paths } from '@muster/core/storage/paths';
import { documentAt, type BoundedQuery } from '@muster/core/storage/documents';
import { nameOf, TILE_WIDTH, type TileAddress } from '@muster/tlog/tiles';
import { toBase64 } from '@muster/tlog/crypto';
import type { TreeHead } from '@muster/contract/audit/log';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes');
const treeHash = bytes.refine(({ length }) => length === 32, '32 bytes');

/** `muster_auditLog/current`. */
export const logHead = z.strictObject({
  origin: z.string(),
  size: z.int().min(0),
  root: treeHash,
  /** The signed checkpoint; empty while nothing was ever sealed. */
  note: z.string(),
  sealedAt: z.date(),
  /** The keys of the log, as verifiers take them. */
  keys: z.array(z.string()),
  /** The id of the entry up to which those of 0.1.0 have been given what they lack; null when all have. */
  adoptedUpTo: z.string().nullable(),
  /** The leaf below which entries of before have no salt any more (move-salts.ts); null when none has. */
  saltsMovedBelow: z.int().min(0).nullable().default(0),
  /** The leaf below which the salts of what has come to its end were forgotten (forget-salts.ts). */
  saltsForgottenBelow: z.int().min(0).default(0),
});
export type LogHead = z.infer<typeof logHead>;
export const logHeadAt = () => documentAt(paths.auditLog(), logHead);

/**
 * `muster_auditLog/current/muster_tiles/{level}-{index}`: up to 256 hashes, one after the other. Those of the leaves have the salts
 * of their leaves too (ADR 13), in the same order: no client reads a tile, and operations answer the hashes alone.
 * Empty is the salt of what was forgotten, or is still in its entry; a tile of before has none at all.
 */
export const logTile = z.strictObject({ hashes: bytes, salts: z.array(z.string()).max(TILE_WIDTH).optional() });
export type LogTile = z.infer<typeof logTile>;
export const logTileAt = (tile: TileAddress) => documentAt(paths.auditTile(nameOf(tile)), logTile);

/** An entry as stored: what somebody has made of it must come to light, and not end in an error. */
export const asStored = z.record(z.string(), z.unknown());
export type AsStored = z.infer<typeof asStored>;

/** The entries that claim places of a range, in order, whatever state they are in. */
export const inRange = (begin: number, end: number, limit: number): BoundedQuery<AsStored> => ({
  collection: collections.audit,
  schema: asStored,
  where: [
    { field: 'leafIndex', is: '>=', value: begin },
    { field: 'leafIndex', is: '<', value: end },
  ],
  orderBy: [{ field: 'leafIndex', direction: 'asc' }],
  limit,
});

/** `muster_auditLog/current/muster_checkpoints/{size}`: a head as it was signed, and cosigned since. Kept for as long as the log. */
export const logCheckpoint = z.strictObject({
  origin: z.string(),
  size: z.int().min(0),
  root: treeHash,
  note: z.string(),
  sealedAt: z.date(),
});
export type LogCheckpoint = z.infer<typeof logCheckpoint>;

/** Sizes as names sort as numbers do. */
export const logCheckpointAt = (size: number) =>
  documentAt(paths.auditCheckpoint(String(size).padStart(16, '0')), logCheckpoint);

/** The newest head that was signed at a time or before. */
export const newestUpTo = (at: Date): BoundedQuery<LogCheckpoint> => ({
  collection: collections.auditCheckpoints,
  schema: logCheckpoint,
  where: [{ field: 'sealedAt', is: '<=', value: at }],
  orderBy: [{ field: 'sealedAt', direction: 'desc' }],
  limit: 1,
});

/** The oldest head that was signed at a time or after. */
export const oldestFrom = (at: Date): BoundedQuery<LogCheckpoint> => ({
  collection: collections.auditCheckpoints,
  schema: logCheckpoint,
  where: [{ field: 'sealedAt', is: '>=', value: at }],
  orderBy: [{ field: 'sealedAt', direction: 'asc' }],
  limit: 1,
});

export const toTreeHead = ({ origin, size, root, note, sealedAt }: LogCheckpoint): TreeHead => ({
  origin,
  size,
  root: toBase64(root),
  note,
  sealedAt: sealedAt.toISOString(),
});
