/** A decision against a request, in words for whoever is refused. Pure. */
import type { GuardReason } from '@muster/contract/errors';
import type { Decision, GuardRequest } from './decision';
import { MusterError } from '@muster/core/errors';
import { REASON_OF, type Restriction } from './policy-document';
import { sessionRevoked } from './revocation';

const NOTHING_DONE = 'Nothing was changed.';

const DELEGATION: Partial<Record<GuardReason, [what: string, next: string]>> = {
  DELEGATION_MISSING: [
    'No delegation lets you act for this owner.',
    'The owner grants one (delegations-grant); name it, and its owner, in the request.',
  ],
  DELEGATION_ACTOR_MISMATCH: [
    'The delegation is for another agent, or of another owner.',
    'Name the delegation that this owner granted to you.',
  ],
  DELEGATION_REVOKED: ['The delegation was revoked.', 'Ask its owner, who may grant another one (delegations-grant).'],
  DELEGATION_EXPIRED: ['The delegation has expired.', 'Ask its owner, who may grant another one (delegations-grant).'],
  OWNER_GONE: [
    'The account of its owner is disabled or deleted, and so nobody stands behind this delegation.',
    'Ask somebody who is still there for a delegation of their own (delegations-grant).',
  ],
  SCOPE_MISMATCH: [
    'The delegation is not for this capability and scope.',
    'Do what it was granted for, or ask its owner for one that covers this.',
  ],
};

/** The refusal of a decision that does not allow. */
export const refusalFor = (
  { capability }: Pick<GuardRequest, 'capability'>,
  decision: Extract<Decision, { allowed: false }>,
): MusterError => {
  const { reason, restriction } = decision;
  if (restriction) return restricted(capability, restriction);
  if (reason === 'SESSION_REVOKED') return sessionRevoked();
  const [what, next] = DELEGATION[reason] ?? [];
  if (what === undefined || next === undefined) return policyUnavailable();
  return new MusterError('NOT_DELEGATED', `${what} ${NOTHING_DONE}`, { reason, capability, next });
};

/** Law 3: unknown means no. */
export const policyUnavailable = (cause?: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    `Muster cannot read what is restricted now, so it refuses: unknown means no. ${NOTHING_DONE}`,
    {
      reason: 'POLICY_UNAVAILABLE',
      next: 'Check /api/readyz. If the stored policy is missing or damaged, a staff member restores it with policy-exitDegraded.',
    },
    { cause },
  );

/** No person ends this, and nobody needs to: what is sent meanwhile is delivered afterwards. */
const connectorIsOut = (capability: string, { name, since, reason, activation }: Restriction): MusterError =>
  new MusterError(
    'RESTRICTED',
    `The connector ${name} is offline since ${since?.toISOString() ?? 'an unknown time'} (${reason ?? 'no reason given'}). ${NOTHING_DONE}`,
    {
      reason: REASON_OF.connector_offline,
      state: 'offline',
      capability,
      ...(activation === null ? {} : { activation }),
      next: 'Queue the write (connectors-send): it is delivered when the connector is back, which policy finds out by itself.',
    },
  );

/** What is on, what to ask staff for, and the state it is: for what people enter and end. */
const SAID: Readonly<
  Record<
    Exclude<Restriction['kind'], 'connector_offline'>,
    (name: string, capability: string) => { what: string; ending: string; state: string }
  >
> = {
  mode: (name) => ({
    what: `The mode is ${name}`,
    ending: 'ask staff to end it (policy-exitDegraded)',
    state: name,
  }),
  kill_switch: (name, capability) => ({
    what:
      name === '*'
        ? 'Everything is killed'
        : `${name} is killed${name === capability ? '' : `, and ${capability} with it`}`,
    ending: 'ask staff to restore it (policy-restore)',
    state: 'killed',
  }),
};

const restricted = (capability: string, restriction: Restriction): MusterError => {
  if (restriction.kind === 'connector_offline') return connectorIsOut(capability, restriction);
  const { name, since, until, reason } = restriction;
  const { what, ending, state } = SAID[restriction.kind](name, capability);
  const when = ` since ${since?.toISOString() ?? 'an unknown time'}${until ? ` until ${until.toISOString()}` : ''}`;
  return new MusterError('RESTRICTED', `${what}${when} (${reason ?? 'no reason given'}). ${NOTHING_DONE}`, {
    reason: REASON_OF[restriction.kind],
    state,
    capability,
    ...(restriction.activation === null ? {} : { activation: restriction.activation }),
    next: until ? `Wait until it ends, or ${ending}.` : `A${ending.slice(1)}.`,
  });
};
