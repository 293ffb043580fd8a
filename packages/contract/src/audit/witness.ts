/** Witnesses: who vouches that the log has not gone back on what it said before. */
import * as z from 'zod';
import { treeHead, treeSize } from './log';
import * as v from '../values';

/** One tile of the log's hashes, by its path in C2SP tlog-tiles: `<L>/<N>[.p/<W>]`. */
export const readTile = {
  request: z.strictObject({
    tile: z
      .string()
      .regex(
        /^(?:\d|[1-5]\d|6[0-3])\/(?:\d{3}|(?!x000)x\d{3}\/(?:x\d{3}\/){0,3}\d{3})(?:\.p\/(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?$/u,
        '<L>/<N>[.p/<W>], as C2SP tlog-tiles writes it',
      ),
  }),
  /** base64 of 32 bytes for each hash. */
  response: z.strictObject({ hashes: z.base64() }),
};

export const auditCosign = {
  request: z.strictObject({
    /** Of the head that it is over. */
    size: treeSize.min(1),
    /** One line of a signed note, as C2SP tlog-cosignature has it, by a witness in `MUSTER_WITNESS_KEYS`. */
    cosignature: z
      .string()
      .regex(/^\u2014 [^\s+]{1,200} [A-Za-z0-9+/]{16,200}={0,2}\n?$/u, 'one line: a dash, a name, and base64'),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({
    /** False when this witness had cosigned it before. */
    added: z.boolean(),
    head: treeHead,
  }),
};
