import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { decideOnPolicy, exemptersOf } from '@muster/guard/decision';
import { policyAsStored } from '@muster/guard/policy-document';
import { refusalFor } from '@muster/guard/decision-refusal';
import { approved } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView } from './proposal-document';
import { needsSecondPerson, unknownProposal } from './proposal-errors';

/** `proposals-approve`. Reads policy, revocation, proposal; writes proposal and entry. Nothing forbidden now is approved. */
export const approveProposal = defineChange('proposals-approve', {
  guarded: 'muster.proposals.approve',
  cost: { reads: 3, writes: 2 },
  reads: ({ proposalId }) => [proposalAt(proposalId)],
  async decide({ work, now, clock, actor, limits }, { proposalId, reason }) {
    const before = await work.read(proposalAt(proposalId));
    if (!before) throw unknownProposal();
    const proposal = approved(before, { by: actor.id, at: now, reason }, limits.twoPersons);
    if (!proposal) return unchanged({ changed: false, proposal: toProposalView(proposalId, before, now) });

    const kind = classIn(CAPABILITY_CATALOG, proposal.capability);
    const decision = decideOnPolicy(proposal, kind, work.seen(policyAsStored()), clock());
    if (!decision.allowed) throw refusalFor(proposal, decision);
    // What lets it pass may have been granted since it was proposed.
    const exemptedBy = exemptersOf(proposal, kind, work.seen(policyAsStored()), clock());
    if (limits.twoPersons && exemptedBy.includes(actor.id)) throw needsSecondPerson();
    work.write(proposalAt(proposalId), proposal);
    return changed(
      { changed: true, proposal: toProposalView(proposalId, proposal, now) },
      proposalEntry('approved', proposalId, proposal, reason),
    );
  },
});
