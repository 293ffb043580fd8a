import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import type { GuardRequest } from '@muster/guard/decision';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { executed } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView, type Proposal } from './proposal-document';
import { hasEnded, parsedRevocation, revocationAt } from '@muster/guard/revocation';
import { proposedInEndedSession, unknownProposal } from './proposal-errors';

/**
 * `proposals-execute`, by who proposed it or by staff. Guarded again, for the proposal itself: the commit stands only if
 * policy, sessions and delegation still are as they were read. Reads policy, the caller's revocation, the proposal, its
 * proposer's and its owner's revocation, and its delegation; writes proposal and entry.
 */
export const executeProposal = defineChange('proposals-execute', {
  guarded: 'muster.proposals.execute',
  cost: { reads: 6, writes: 2 },
  reads: ({ proposalId }) => [proposalAt(proposalId)],
  // Who is told once more that it is done now may not have done it yet: what was killed meanwhile is not to be done.
  async again(context, { proposalId }) {
    const proposal = await context.work.read(proposalAt(proposalId));
    if (proposal) await refuseNow(context, proposal);
  },
  async decide({ work, now, clock, identity, roles }, { proposalId }) {
    const before = await work.read(proposalAt(proposalId));
    if (!before || (before.actor !== identity.uid && !roles.includes('staff'))) throw unknownProposal();
    const proposal = executed(before, identity.uid, now);
    await refuseNow({ work, clock, identity }, before);
    work.write(proposalAt(proposalId), proposal);
    return changed(
      { changed: true, proposal: toProposalView(proposalId, proposal, now) },
      proposalEntry('executed', proposalId, proposal, undefined),
    );
  },
});

/** The guard's word on the proposal itself, in the session of the caller, or in the one in which it was proposed. */
const refuseNow = async (
  { work, clock, identity }: Pick<ChangeContext, 'work' | 'clock' | 'identity'>,
  proposal: Proposal,
): Promise<void> => {
  const isOwn = proposal.actor === identity.uid;
  const authTime = isOwn ? identity.authTime : Math.floor(proposal.sessionAt.getTime() / 1000);
  const request = { ...requestOf(proposal), authTime };
  const kind = classIn(CAPABILITY_CATALOG, proposal.capability);
  await prefetchFor(work, request, kind);
  const revoked = parsedRevocation(work.seen(revocationAt(proposal.actor)));
  if (!isOwn && hasEnded(authTime, revoked)) throw proposedInEndedSession();
  refuseForbidden(work, request, kind, clock());
};

const requestOf = ({ capability, actor, owner, delegation, scope }: Proposal): GuardRequest => ({
  capability,
  actor,
  owner,
  delegation: delegation ?? undefined,
  scope: scope ?? undefined,
});
