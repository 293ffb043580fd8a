/** The log that the entries are sealed in: its head, what waits, what is kept for how long. */
import * as z from 'zod';
import * as v from '../values';

/** base64 of 32 bytes: a hash of the tree. */
export const treeHash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/u, 'base64 of 32 bytes');

/** A size of the tree, or the place of a leaf in it. */
export const treeSize = z.int().min(0);

/** A C2SP tlog-checkpoint v1.0.0 as a signed note. */
export const signedNote = z.string().max(100_000);

export const treeHead = z.strictObject({
  origin: z.string(),
  size: treeSize,
  root: treeHash,
  /** The checkpoint, signed by the log, and by the witnesses that have cosigned it. */
  note: signedNote,
  sealedAt: v.instant,
});
export type TreeHead = z.infer<typeof treeHead>;

export const auditHead = {
  request: z
    .strictObject({
      /** The newest head that was signed at this time or before, instead of the newest of all. */
      atOrBefore: v.instant.optional(),
      /** The oldest head that was signed at this time or after. */
      atOrAfter: v.instant.optional(),
    })
    .refine(({ atOrBefore, atOrAfter }) => atOrBefore === undefined || atOrAfter === undefined, {
      path: ['atOrAfter'],
      error: 'one of the two, not both',
    }),
  response: z.strictObject({
    /** Null when there is none, or none at that time. */
    head: treeHead.nullable(),
    /** Every key that has signed heads of the log, as C2SP signed-note writes them, the newest first. */
    keys: z.array(z.string()),
    retentionDays: z.int(),
  }),
};

export const auditSeal = {
  request: z.strictObject({}),
  response: z.strictObject({
    /** How many entries were sealed by this call. */
    sealed: z.int(),
    /** Whether some are left: it ends after ten seconds. */
    left: z.boolean(),
    head: treeHead.nullable(),
  }),
};

export const legalHold = z.strictObject({
  id: z.string(),
  reason: z.string(),
  by: z.string(),
  since: v.instant,
});

export const auditHold = {
  request: z.strictObject({ reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ hold: legalHold }),
};

export const auditRelease = {
  request: z.strictObject({ holdId: v.holdId, reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ released: z.boolean(), holds: z.array(legalHold) }),
};

export const auditHolds = {
  request: z.strictObject({}),
  response: z.strictObject({ holds: z.array(legalHold), retentionDays: z.int() }),
};
