/** What an agent may do for an owner, and until when. */
import * as z from 'zod';
import { capabilityName } from './capabilities';
import * as v from './values';

/** A delegation lasts 90 days at the most. */
export const LONGEST_DELEGATION_MS = 90 * 24 * 60 * 60 * 1000;

export const delegationView = z.strictObject({
  id: v.delegationId,
  owner: z.string(),
  agent: z.string(),
  capabilities: z.array(capabilityName),
  scope: z.string().nullable(),
  reason: z.string(),
  grantedAt: v.instant,
  expiresAt: v.instant,
  revokedAt: v.instant.nullable(),
  revokedBy: z.string().nullable(),
  /** As of the answer. */
  state: v.grantState,
});
export type DelegationView = z.infer<typeof delegationView>;

/** Whoever is signed in is the owner. */
export const grantDelegation = {
  request: z.strictObject({
    agent: v.uid,
    /** Names, or beginnings of names (`shipping`); never everything. */
    capabilities: z.array(capabilityName).min(1).max(20),
    /** The one thing that it is for, in the product's own words; left out, any. */
    scope: v.text(200).optional(),
    reason: v.text(1000),
    expiresAt: v.instant,
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ delegation: delegationView }),
};

/** By its owner, or by staff. Binds once it is acknowledged. */
export const revokeDelegation = {
  request: z.strictObject({
    delegationId: v.delegationId,
    reason: v.text(1000),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ changed: z.boolean(), delegation: delegationView }),
};

/** Everyone lists those that they granted or were granted; staff and auditors list everyone's. */
export const listDelegations = {
  request: z.strictObject({
    owner: v.uid.optional(),
    agent: v.uid.optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ delegations: z.array(delegationView), nextCursor: v.cursor.nullable() }),
};
