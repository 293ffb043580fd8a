/** What a request says of its delegation. It can only deny: what holds is decided on the stored one. Pure. */
import type * as z from 'zod';
import type { carriedDelegation } from '@muster/contract/proposals';
import type { GuardReason } from '@muster/contract/errors';
import { delegationId, uid } from '@muster/contract/values';

export type Carried = z.output<typeof carriedDelegation>;

/** The owner that it names, if that can be one: it becomes part of a path. */
export const ownerIn = (carried: Carried): string | undefined => uid.safeParse(carried.owner).data;

/** The delegation that it names, if that can be one of Muster's. */
export const idIn = (carried: Carried): string | undefined => delegationId.safeParse(carried.id).data;

/** Why it denies by itself, for a caller, and for the owner that the request itself names. */
export const refusedByCarried = (
  carried: Carried,
  { actor, owner }: { actor: string; owner: string | undefined },
  now: Date,
): GuardReason | undefined => {
  const named = ownerIn(carried);
  if (!carried.actor || named === undefined) return 'DELEGATION_MISSING';
  // That it is over is said first: it is so for whomever it was.
  if (carried.revokedAt) return 'DELEGATION_REVOKED';
  if (carried.expiresAt && new Date(carried.expiresAt) <= now) return 'DELEGATION_EXPIRED';
  const isTheirs = carried.actor === actor && (owner === undefined || named === owner);
  return isTheirs ? undefined : 'DELEGATION_ACTOR_MISMATCH';
};
