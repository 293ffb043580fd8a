import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { rejected } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView } from './proposal-document';
import { unknownProposal } from './proposal-errors';

/** `proposals-reject`. Never forbidden by policy: it lessens. Reads revocation and proposal; writes proposal and entry. */
export const rejectProposal = defineChange('proposals-reject', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: ({ proposalId }) => [proposalAt(proposalId)],
  async decide({ work, now, actor }, { proposalId, reason }) {
    const before = await work.read(proposalAt(proposalId));
    if (!before) throw unknownProposal();
    const proposal = rejected(before, { by: actor.id, at: now, reason });
    if (!proposal) return unchanged({ changed: false, proposal: toProposalView(proposalId, before, now) });
    work.write(proposalAt(proposalId), proposal);
    return changed(
      { changed: true, proposal: toProposalView(proposalId, proposal, now) },
      proposalEntry('rejected', proposalId, proposal, reason),
    );
  },
});
