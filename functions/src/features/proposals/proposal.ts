/**
 * The state machine of a proposal: proposed → approved → executed, or rejected before it is executed; over after its
 * time. Pure: each function gives the proposal as it becomes, undefined when it is so already, or refuses.
 */
import { PROPOSAL_LIFETIME_MS, type ProposalView } from '@muster/contract/proposals';
import { MusterError } from '@muster/core/errors';
import { statusAt, type Proposal } from './proposal-document';
import { needsSecondPerson } from './proposal-errors';

export type NewProposal = Pick<
  Proposal,
  'capability' | 'actor' | 'owner' | 'delegation' | 'scope' | 'rationale' | 'input' | 'sessionAt'
>;

export const proposed = (proposal: NewProposal, now: Date): Proposal => ({
  ...proposal,
  status: 'proposed',
  requestedAt: now,
  expiresAt: new Date(now.getTime() + PROPOSAL_LIFETIME_MS),
  decidedAt: null,
  decidedBy: null,
  decisionReason: null,
  executedAt: null,
  executedBy: null,
});

/** Who decides, when and why. */
export interface Ruling {
  by: string;
  at: Date;
  reason: string | undefined;
}

/** Where two persons are needed, neither who proposed it nor whom it is for approves it. */
export const approved = (proposal: Proposal, ruling: Ruling, twoPersons: boolean): Proposal | undefined => {
  refuseUnless(proposal, ['proposed', 'approved'], 'approved', ruling.at);
  if (proposal.status === 'approved') return undefined;
  if (twoPersons && [proposal.actor, proposal.owner].includes(ruling.by)) throw needsSecondPerson();
  return { ...proposal, status: 'approved', ...ruled(ruling) };
};

export const rejected = (proposal: Proposal, ruling: Ruling): Proposal | undefined => {
  refuseUnless(proposal, ['proposed', 'approved', 'rejected'], 'rejected', ruling.at);
  return proposal.status === 'rejected' ? undefined : { ...proposal, status: 'rejected', ...ruled(ruling) };
};

/** Once: who comes second is refused, because who is told that it is done now does it. */
export const executed = (proposal: Proposal, by: string, now: Date): Proposal => {
  refuseUnless(proposal, ['approved'], 'executed', now);
  return { ...proposal, status: 'executed', executedAt: now, executedBy: by };
};

const ruled = ({ by, at, reason }: Ruling) => ({ decidedBy: by, decidedAt: at, decisionReason: reason ?? null });

const WHAT_NOW: Record<ProposalView['status'], string> = {
  proposed: 'A staff member approves it first (proposals-approve).',
  approved: 'Execute it (proposals-execute), or reject it (proposals-reject).',
  rejected: 'It is over. Propose it again (proposals-request), with what was missing.',
  executed: 'It is over, and was done once. Propose it again (proposals-request) to do it again.',
  expired: 'It is over: nobody executed it in time. Propose it again (proposals-request).',
};

const refuseUnless = (
  proposal: Proposal,
  allowed: readonly ProposalView['status'][],
  done: 'approved' | 'rejected' | 'executed',
  now: Date,
): void => {
  const state = statusAt(proposal, now);
  if (allowed.includes(state)) return;
  throw new MusterError('CONFLICT', `This proposal is ${state}, so it cannot be ${done}. Nothing was changed.`, {
    reason: 'WRONG_STATE',
    state,
    next: WHAT_NOW[state],
  });
};
