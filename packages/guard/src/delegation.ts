import * as z from 'zod';
import { capabilityName, covers } from '@muster/contract/capabilities';
import type { GuardReason } from '@muster/contract/errors';
import { role } from '@muster/contract/staff';
import { documentAt } from '@muster/core/storage/documents';
import { parsedOnce } from '@muster/core/storage/parsed-once';
import { paths } from '@muster/core/storage/paths';
import { fallsWithSessions, isGone, type Revocation } from './revocation';

/** `muster_delegations/{id}`: what an agent may do for an owner, until when. Changed once at most, when it is revoked. */
export const delegation = z.strictObject({
  owner: z.string(),
  agent: z.string(),
  /** Names, or beginnings of names. */
  capabilities: z.array(capabilityName).min(1).max(20),
  /** The one thing that it is about, in the product's own words (`repo:acme/web`); null for any. */
  scope: z.string().nullable(),
  reason: z.string(),
  grantedAt: z.date(),
  /** When the session began in which it was granted: it ends with the sessions of that time. */
  sessionAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  revokedBy: z.string().nullable(),
  revokeReason: z.string().nullable(),
  /** As what its owner granted it: the roles of then, or an e-mail address of a domain that is allowed. Proposals rest on that. */
  grantedAs: z.array(z.enum([...role.options, 'verified_email'])).optional(),
});
export type Delegation = z.infer<typeof delegation>;

const parsedDelegation = parsedOnce(delegation);

export const delegationAt = (id: string) => documentAt(paths.delegation(id), delegation);

/** What is done under a delegation. */
export interface Delegated {
  actor: string;
  owner: string;
  capability: string;
  scope: string | undefined;
}

/** Why a delegation does not let this be done, or undefined when it does. A stored one that cannot be read is none. */
export const refusedBy = (
  stored: unknown,
  { actor, owner, capability, scope }: Delegated,
  ownerRevoked: Revocation | undefined,
  now: Date,
): Exclude<GuardReason, 'POLICY_UNAVAILABLE'> | undefined => {
  const found = parsedDelegation(stored);
  if (!found) return 'DELEGATION_MISSING';
  if (found.agent !== actor || found.owner !== owner) return 'DELEGATION_ACTOR_MISMATCH';
  if (found.revokedAt !== null) return 'DELEGATION_REVOKED';
  if (isGone(ownerRevoked)) return 'OWNER_GONE';
  // Whoever stole the owner's session may have granted it: it ends with the session it was granted in.
  if (fallsWithSessions(found.sessionAt, ownerRevoked)) return 'DELEGATION_REVOKED';
  if (found.expiresAt <= now) return 'DELEGATION_EXPIRED';
  if (!found.capabilities.some((name) => covers(name, capability))) return 'SCOPE_MISMATCH';
  return found.scope !== null && found.scope !== scope ? 'SCOPE_MISMATCH' : undefined;
};
