import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import type { GuardRequest } from '@muster/guard/decision';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { executed } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView, type Proposal } from './proposal-document';
import { hasEnded, parsedRevocation, revocationAt } from '@muster/guard/revocation';
import { notItsAgent, proposedInEndedSession, unknownProposal } from './proposal-errors';
import { delegatedIn } from './request-proposal';
import { refuseUnanswered } from './who-answers';

/**
 * `proposals-execute`, by who does it, who proposed it, or staff. Guarded again, for the proposal itself: the commit stands
 * only if policy, sessions and delegation still are as they were read. Reads policy, the caller's revocation, the proposal, the
 * revocations of its actor, its proposer and its owner, and its delegation; writes proposal and entry.
 */
export const executeProposal = defineChange('proposals-execute', {
  guarded: 'muster.proposals.execute',
  cost: { reads: 8, writes: 3 },
  reads: ({ proposalId }) => [proposalAt(proposalId)],
  // Who is told once more that it is done now may not have done it yet: what was killed meanwhile is not to be done.
  async again(context, { proposalId }) {
    const proposal = await context.work.read(proposalAt(proposalId));
    if (proposal) await refuseNow(context, proposal);
  },
  async decide(context, { proposalId, agent, output }) {
    const { work, now, identity, roles } = context;
    const before = await work.read(proposalAt(proposalId));
    const parties = before ? [before.actor, before.proposedBy] : [];
    if (!before || !(parties.includes(identity.uid) || roles.includes('staff'))) throw unknownProposal();
    if (agent !== undefined && agent !== before.actor && agent !== identity.uid) throw notItsAgent();
    const proposal = executed(before, identity.uid, now, output === undefined ? null : JSON.stringify(output));
    await refuseNow(context, before);
    work.write(proposalAt(proposalId), proposal);
    return changed(
      { changed: true, proposal: toProposalView(proposalId, proposal, now) },
      proposalEntry('executed', proposalId, proposal, undefined),
    );
  },
});

/** The guard's word on the proposal itself, in the session of the caller, or in the one in which it was proposed. */
const refuseNow = async (
  { work, clock, identity, roles, limits }: ChangeContext,
  proposal: Proposal,
): Promise<void> => {
  const isOwn = proposal.proposedBy === identity.uid;
  const authTime = isOwn ? identity.authTime : Math.floor(proposal.sessionAt.getTime() / 1000);
  const request = { ...requestOf(proposal), authTime };
  const kind = classIn(CAPABILITY_CATALOG, proposal.capability);
  await prefetchFor(work, request, kind, [revocationAt(proposal.proposedBy)]);
  const revoked = parsedRevocation(work.seen(revocationAt(proposal.proposedBy)));
  if (!isOwn && hasEnded(authTime, revoked)) throw proposedInEndedSession();
  refuseForbidden(work, request, kind, clock());
  const delegated = delegatedIn(work, request);
  if (delegated) refuseUnanswered(delegated, { identity, roles, identityDomains: limits.identityDomains });
};

const requestOf = ({ capability, actor, owner, delegation, scope, proposedBy }: Proposal): GuardRequest => ({
  capability,
  actor,
  owner,
  proposedBy,
  delegation: delegation ?? undefined,
  scope: scope ?? undefined,
});
