/** Who may do what in spite of the restrictions that stand. */
import * as z from 'zod';
import { capabilityName } from './capabilities';
import * as v from './values';

/** An exemption lasts 7 days at the most. */
export const LONGEST_EXEMPTION_MS = 7 * 24 * 60 * 60 * 1000;

export const exemptionView = z.strictObject({
  id: v.exemptionId,
  owner: z.string(),
  capability: capabilityName,
  justification: z.string(),
  /** Who granted it; null while it waits for a second person. */
  grantedBy: z.string().nullable(),
  /** The first of two persons, where two are needed. */
  requestedBy: z.string().nullable(),
  /** When it was granted, or, while it waits, asked for. */
  grantedAt: v.instant,
  until: v.instant,
  /** The restrictions that it is from, by activation; it ends with them and is not from any later one. */
  from: z.array(z.strictObject({ activation: z.string().nullable(), name: z.string() })),
  revokedAt: v.instant.nullable(),
  revokedBy: z.string().nullable(),
  /** As of the answer; it is of no use any more, too, once all it is from has ended. */
  state: z.enum([...v.grantState.options, 'waiting']),
});
export type ExemptionView = z.infer<typeof exemptionView>;

/**
 * For one owner and one capability by its whole name, from what restricts it now, until a time. Where two persons are needed,
 * the first asks (`state` is `waiting`) and another staff member makes the same call within a day: the earlier end counts.
 */
export const grantExemption = {
  request: z.strictObject({
    owner: v.uid,
    capability: capabilityName,
    justification: v.justification,
    until: v.instant,
    /** An admin grants alone, where two persons are needed; marked in the audit and reported. */
    breakGlass: z.boolean().optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({
    exemption: exemptionView,
    end: z.literal('break_glass').nullable(),
    message: z.string(),
  }),
};

/** Binds once it is acknowledged. */
export const revokeExemption = {
  request: z.strictObject({ exemptionId: v.exemptionId, reason: v.text(1000), requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), exemption: exemptionView }),
};

export const listExemptions = {
  request: z.strictObject({
    owner: v.uid.optional(),
    capability: capabilityName.optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ exemptions: z.array(exemptionView), nextCursor: v.cursor.nullable() }),
};
