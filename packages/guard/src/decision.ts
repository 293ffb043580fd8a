/** The decision: what the documents say about a request. Pure. */
import type { CapabilityClass } from '@muster/contract/capabilities';
import type { GuardReason } from '@muster/contract/errors';
import type { Mode } from '@muster/contract/modes';
import { delegationAt, refusedBy } from './delegation';
import type { DocumentAddress } from '@muster/core/storage/documents';
import {
  REASON_OF,
  exemptionFor,
  exempts,
  modeAt,
  parsedPolicy,
  policyAsStored,
  restrictionsOf,
  type Restriction,
} from './policy-document';
import { hasEnded, parsedRevocation, revocationAt, type Revocation } from './revocation';

/** Who wants to do what. */
export interface GuardRequest {
  /** A dotted name, such as `shipping.commit`. */
  capability: string;
  /** Who does it: the uid of a person or an agent, as a verified token says. */
  actor: string;
  /** When the actor's session began, in seconds since 1970 (the token's `auth_time`). Without it no session is checked. */
  authTime?: number | undefined;
  /** For whom it is done, if not for the actor itself; then a delegation is needed. */
  owner?: string | undefined;
  /** The delegation that lets the actor act for the owner. */
  delegation?: string | undefined;
  /** Who asked for it, if not the actor: nobody who granted an exemption is served by it, on whatever way. */
  proposedBy?: string | undefined;
  /** What it is done to, in the product's own words; a delegation may be for one scope alone. */
  scope?: string | undefined;
}

/** What is decided: allowed, or why not. `restriction` is what forbids it, when one does. */
export type Decision =
  { allowed: true; mode: Mode } | { allowed: false; reason: GuardReason; restriction: Restriction | undefined };

/** Reads a document that the decision needs, as stored; undefined when there is none. */
export type Look = (address: DocumentAddress<unknown>) => unknown;

const asStored = <T>({ path }: DocumentAddress<T>): DocumentAddress<unknown> => ({ ...policyAsStored(), path });

/** Diagnostics and reads always work; the policy is not even asked. */
const ASKS_POLICY: Readonly<Record<CapabilityClass, boolean>> = {
  diagnostic: false,
  read: false,
  write: true,
  connector_write: true,
};

const isDelegated = ({ actor, owner, delegation }: GuardRequest): boolean =>
  delegation !== undefined || (owner !== undefined && owner !== actor);

const sessionOf = (uid: string) => asStored(revocationAt(uid));

/** Every document that a decision on this request rests on. */
export const documentsFor = (request: GuardRequest, kind: CapabilityClass): DocumentAddress<unknown>[] => {
  const policy = ASKS_POLICY[kind] ? POLICY_ALONE : [];
  if (request.authTime === undefined && !isDelegated(request)) return policy;
  return [
    ...policy,
    ...(request.authTime === undefined ? [] : [sessionOf(request.actor)]),
    ...(request.delegation === undefined ? [] : [asStored(delegationAt(request.delegation))]),
    ...(isDelegated(request) && request.owner !== undefined ? [sessionOf(request.owner)] : []),
  ];
};

const POLICY_ALONE: DocumentAddress<unknown>[] = [policyAsStored()];

/** Decides at `now` on what `look` finds. What cannot be read denies (law 3). */
export const decide = (request: GuardRequest, kind: CapabilityClass, look: Look, now: Date): Decision => {
  const refused = (reason: GuardReason): Decision => ({ allowed: false, reason, restriction: undefined });

  if (request.authTime !== undefined) {
    const revoked = asRevocation(look(sessionOf(request.actor)));
    if (revoked === 'unreadable') return refused('POLICY_UNAVAILABLE');
    if (hasEnded(request.authTime, revoked)) return refused('SESSION_REVOKED');
  }
  if (isDelegated(request)) {
    const { delegation, owner } = request;
    if (delegation === undefined || owner === undefined) return refused('DELEGATION_MISSING');
    const ownerRevoked = asRevocation(look(sessionOf(owner)));
    if (ownerRevoked === 'unreadable') return refused('POLICY_UNAVAILABLE');
    const delegated = { ...request, owner, scope: request.scope };
    const reason = refusedBy(look(asStored(delegationAt(delegation))), delegated, ownerRevoked, now);
    if (reason) return refused(reason);
  }
  return ASKS_POLICY[kind]
    ? decideOnPolicy(request, kind, look(policyAsStored()), now)
    : { allowed: true, mode: 'normal' };
};

/** What the policy alone says. */
export const decideOnPolicy = (
  served: Pick<GuardRequest, 'capability' | 'actor' | 'owner' | 'proposedBy'>,
  kind: CapabilityClass,
  stored: unknown,
  now: Date,
): Decision => {
  const policy = parsedPolicy(stored);
  if (!policy) return { allowed: false, reason: 'POLICY_UNAVAILABLE', restriction: undefined };
  const restrictions = restrictionsOf(policy, { name: served.capability, class: kind }, now);
  const restriction = restrictions.find((one) => !exempts(one, served, now));
  if (!restriction) return { allowed: true, mode: modeAt(policy, now) };
  return {
    allowed: false,
    reason: REASON_OF[restriction.kind],
    restriction,
  };
};

/** Who granted the exemptions by which something passes what is restricted now; none where nothing restricts it. */
export const exemptersOf = (
  served: Pick<GuardRequest, 'capability' | 'actor' | 'owner' | 'proposedBy'>,
  kind: CapabilityClass,
  stored: unknown,
  now: Date,
): string[] => {
  const policy = parsedPolicy(stored);
  const restrictions = policy ? restrictionsOf(policy, { name: served.capability, class: kind }, now) : [];
  return [...new Set(restrictions.flatMap((one) => exemptionFor(one, served, now)?.by ?? []))];
};

const asRevocation = (stored: unknown): Revocation | undefined | 'unreadable' => {
  if (stored === undefined) return undefined;
  return parsedRevocation(stored) ?? 'unreadable';
};
