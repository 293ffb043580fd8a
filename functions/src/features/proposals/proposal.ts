/**
 * The state machine of a proposal: proposed → approved → executed, or rejected before it is executed; over after its
 * time. Pure: each function gives the proposal as it becomes, undefined when it is so already, or refuses.
 */
import { PROPOSAL_LIFETIME_MS, type ProposalView } from '@muster/contract/proposals';
import { MusterError } from '@muster/core/errors';
import { statusAt, type Proposal } from './proposal-document';
import { needsSecondPerson } from './proposal-errors';

export type NewProposal = Omit<
  Proposal,
  | ('status' | 'requestedAt' | 'expiresAt')
  | ('decidedAt' | 'decidedBy' | 'decisionReason')
  | ('executedAt' | 'executedBy' | 'output')
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
  output: null,
});

/** Who decides, when and why. */
export interface Ruling {
  by: string;
  at: Date;
  reason: string | undefined;
}

/** All on whose word it rests: who does it, for whom, who asked, and who let it through what is restricted. */
export const restsOn = ({ actor, owner, proposedBy, exemptedBy }: Proposal): string[] => [
  ...new Set([actor, owner, proposedBy, ...exemptedBy]),
];

/** Where two persons are needed, nobody approves what rests on their own word already. */
export const approved = (proposal: Proposal, ruling: Ruling, twoPersons: boolean): Proposal | undefined => {
  refuseUnless(proposal, ['proposed', 'approved'], 'approved', ruling.at);
  if (proposal.status === 'approved') return undefined;
  if (twoPersons && restsOn(proposal).includes(ruling.by)) throw needsSecondPerson();
  return { ...proposal, status: 'approved', ...ruled(ruling) };
};

export const rejected = (proposal: Proposal, ruling: Ruling): Proposal | undefined => {
  refuseUnless(proposal, ['proposed', 'approved', 'rejected'], 'rejected', ruling.at);
  return proposal.status === 'rejected' ? undefined : { ...proposal, status: 'rejected', ...ruled(ruling) };
};

/** Waits for an approval again, as long as when it was proposed; its history is the audit's. */
export const reopened = (proposal: Proposal, now: Date): Proposal | undefined => {
  refuseUnless(proposal, ['rejected', 'proposed'], 'reopened', now);
  if (proposal.status === 'proposed') return undefined;
  return {
    ...proposal,
    status: 'proposed',
    expiresAt: new Date(now.getTime() + PROPOSAL_LIFETIME_MS),
    decidedAt: null,
    decidedBy: null,
    decisionReason: null,
  };
};

/** Once: who comes second is refused, because who is told that it is done now does it. */
export const executed = (proposal: Proposal, by: string, now: Date, output: string | null = null): Proposal => {
  refuseUnless(proposal, ['approved'], 'executed', now);
  return { ...proposal, status: 'executed', executedAt: now, executedBy: by, output };
};

const ruled = ({ by, at, reason }: Ruling) => ({ decidedBy: by, decidedAt: at, decisionReason: reason ?? null });

const WHAT_NOW: Record<ProposalView['status'], string> = {
  proposed: 'A staff member approves it first (proposals-approve).',
  approved: 'Execute it (proposals-execute), or reject it (proposals-reject).',
  rejected:
    'It is over. Propose it again (proposals-request), with what was missing; an admin may bring it back (proposals-reopen).',
  executed: 'It is over, and was done once. Propose it again (proposals-request) to do it again.',
  expired: 'It is over: nobody executed it in time. Propose it again (proposals-request).',
};

const refuseUnless = (
  proposal: Proposal,
  allowed: readonly ProposalView['status'][],
  done: 'approved' | 'rejected' | 'reopened' | 'executed',
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
