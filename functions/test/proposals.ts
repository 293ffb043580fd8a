/** Delegations and proposals as tests begin with them. */
import type { Delegation } from '@muster/guard/delegation';
import { NORMAL, type PolicyDocument } from '@muster/guard/policy-document';
import type { RequestOf } from '@muster/contract/operations';
import { requestProposal } from '../src/features/proposals';
import { as, HOUR, START } from './harness';
import type { Watched } from './watched-backend';

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
  grantedAs: ['verified_email'],
  ...over,
});

/** What anyone may propose for themselves. */
export const PROPOSAL = {
  capability: 'shipping.commit',
  rationale: 'the release is due',
} satisfies RequestOf<'proposals-request'>;

/** The delegation of the owner to the agent, as a request carries it. */
export const carried = { actor: AGENT, owner: OWNER };

/** Proposals on a backend that a test begins with later, and why they are refused. */
export const proposing = (watched: () => Watched) => ({
  propose: (more: object = {}, who = agent) => watched().call(requestProposal, { ...PROPOSAL, ...more }, who),
  reasonOf: async (more: object, who = agent) => {
    const { code, details } = await watched().refused(requestProposal, { ...PROPOSAL, ...more }, who);
    expect(details).toMatchObject({ next: expect.stringMatching(/\.$/u) });
    return `${code} ${details.reason}`;
  },
});

const standing = { until: null, activation: 'act_test', exemptions: {} };

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
