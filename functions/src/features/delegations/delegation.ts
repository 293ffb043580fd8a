/** A delegation as it is granted, as it stands, and as it is answered. Pure. */
import type * as z from 'zod';
import { LONGEST_DELEGATION_MS, type DelegationView, type grantDelegation } from '@muster/contract/delegations';
import type { FieldProblem } from '@muster/contract/errors';
import type { Delegation } from '@muster/guard/delegation';
import { badInput } from '@muster/core/errors';
import { fallsWithSessions, isGone, type Revocation } from '@muster/guard/revocation';

type Asked = z.output<typeof grantDelegation.request>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The delegation that the owner grants in a session that began at `authTime` (seconds); refuses by the fields' names. */
export const grantedDelegation = (
  asked: Asked,
  { owner, authTime, now, grantedAs }: { owner: string; authTime: number; now: Date } & Pick<Delegation, 'grantedAs'>,
): Delegation => {
  const problems = [...agentProblem(asked, owner), ...repeated(asked), ...endProblem(asked, now)];
  if (problems.length > 0) throw badInput(problems);
  return {
    owner,
    agent: asked.agent,
    capabilities: asked.capabilities,
    scope: asked.scope ?? null,
    reason: asked.reason,
    grantedAt: now,
    sessionAt: new Date(authTime * 1000),
    expiresAt: new Date(asked.expiresAt),
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
    grantedAs,
  };
};

const agentProblem = ({ agent }: Asked, owner: string): FieldProblem[] =>
  agent === owner ? [{ field: 'agent', problem: 'somebody else than you; for yourself you need no delegation' }] : [];

const repeated = ({ capabilities }: Asked): FieldProblem[] =>
  capabilities.flatMap((name, index) =>
    capabilities.indexOf(name) < index ? [{ field: `capabilities.${index}`, problem: `${name} is there twice` }] : [],
  );

const endProblem = ({ expiresAt }: Asked, now: Date): FieldProblem[] => {
  const lastsMs = new Date(expiresAt).getTime() - now.getTime();
  if (lastsMs > 0 && lastsMs <= LONGEST_DELEGATION_MS) return [];
  const problem = `a time to come, at most ${LONGEST_DELEGATION_MS / DAY_MS} days away (it is ${now.toISOString()} here)`;
  return [{ field: 'expiresAt', problem }];
};

/**
 * What the guard would make of it at `now`. One whose owner's session was ended since, or who is gone, is over like one that was revoked,
 * though nobody wrote that into it.
 */
export const stateOf = (
  { revokedAt, sessionAt, expiresAt }: Delegation,
  ownerRevoked: Revocation | undefined,
  now: Date,
): DelegationView['state'] => {
  if (revokedAt !== null || isGone(ownerRevoked) || fallsWithSessions(sessionAt, ownerRevoked)) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
};

/** Expired or not: that its time came is no reason to let it stand as granted. */
export const revokedDelegation = (
  before: Delegation,
  { by, reason, at }: { by: string; reason: string; at: Date },
): Delegation => ({ ...before, revokedAt: at, revokedBy: by, revokeReason: reason });

export const toDelegationView = (id: string, found: Delegation, state: DelegationView['state']): DelegationView => ({
  id,
  owner: found.owner,
  agent: found.agent,
  capabilities: found.capabilities,
  scope: found.scope,
  reason: found.reason,
  grantedAt: found.grantedAt.toISOString(),
  expiresAt: found.expiresAt.toISOString(),
  revokedAt: found.revokedAt?.toISOString() ?? null,
  revokedBy: found.revokedBy,
  state,
});
