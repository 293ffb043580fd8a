import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { reopened } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView } from './proposal-document';
import { unknownProposal } from './proposal-errors';

/**
 * `proposals-reopen`. Reads policy, revocation and proposal; writes proposal and entry. It waits for an approval again, so
 * whoever may not propose now does not bring one back either.
 */
export const reopenProposal = defineChange('proposals-reopen', {
  guarded: 'muster.proposals.request',
  cost: { reads: 3, writes: 2 },
  reads: ({ proposalId }) => [proposalAt(proposalId)],
  async decide({ work, now }, { proposalId, reason }) {
    const before = await work.read(proposalAt(proposalId));
    if (!before) throw unknownProposal();
    const proposal = reopened(before, now);
    if (!proposal) return unchanged({ changed: false, proposal: toProposalView(proposalId, before, now) });
    work.write(proposalAt(proposalId), proposal);
    return changed(
      { changed: true, proposal: toProposalView(proposalId, proposal, now) },
      proposalEntry('reopened', proposalId, proposal, reason),
    );
  },
});
