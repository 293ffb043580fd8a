/** Delegations and proposals as tests begin with them. */
import type { Delegation } from '../../guard/src/delegation';
import { NORMAL, type PolicyDocument } from '../../guard/src/policy-document';
import type { RequestOf } from '../src/contract/operations';
import { as, HOUR, START } from './harness';

export const OWNER = 'uid-owner';
export const AGENT = 'uid-agent';
export const agent = as('member', AGENT);

export const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);

/** What the owner granted to the agent an hour ago, for a day. */
export const granted = (over: Partial<Delegation> = {}): Delegation => ({
  owner: OWNER,
  agent: AGENT,
  capabilities: ['shipping'],
  scope: null,
  reason: 'ships for me',
  grantedAt: after(-1),
  sessionAt: after(-2),
  expiresAt: after(24),
  revokedAt: null,
  revokedBy: null,
  revokeReason: null,
  ...over,
});

/** What anyone may propose for themselves. */
export const PROPOSAL = {
  capability: 'shipping.commit',
  rationale: 'the release is due',
} satisfies RequestOf<'actions-request'>;

const standing = { until: null, activation: 'act_test', exemptions: {}, endRequest: null };

/** A policy under which these names are killed. */
export const killing = (...names: string[]): PolicyDocument => ({
  ...NORMAL,
  killSwitches: Object.fromEntries(
    names.map((name) => [name, { since: START, by: 'uid-staff', reason: 'it went wrong', ...standing }]),
  ),
});

/** A policy under which a mode is on. */
export const inMode = (name: PolicyDocument['mode']['name']): PolicyDocument => ({
  ...NORMAL,
  mode: { name, since: START, by: 'uid-staff', reason: 'a storm', ...standing },
});
