import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { proposed } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView } from './proposal-document';
import { documentsNamed, guardRequestOf } from './delegation-finder';

/**
 * `proposals-request`. Reads policy, the caller's and the owner's revocation, and the delegation that is named, or up to 20
 * to find one; writes the proposal and its entry. What is forbidden now cannot be proposed either.
 */
export const requestProposal = defineChange('proposals-request', {
  guarded: 'muster.proposals.request',
  cost: { reads: 23, writes: 2 },
  reads: documentsNamed,
  async decide({ work, now, clock, ids, identity }, input) {
    const caller = { actor: identity.uid, authTime: identity.authTime };
    const request = await guardRequestOf(work, input, caller, clock());
    const kind = classIn(CAPABILITY_CATALOG, input.capability);
    await prefetchFor(work, request, kind);
    refuseForbidden(work, request, kind, clock());

    const id = ids('prp');
    const proposal = proposed(
      {
        capability: input.capability,
        actor: identity.uid,
        owner: request.owner,
        delegation: request.delegation ?? null,
        scope: input.scope ?? null,
        rationale: input.rationale,
        input: JSON.stringify(input.input),
        sessionAt: new Date(identity.authTime * 1000),
      },
      now,
    );
    work.create(proposalAt(id), proposal);
    return changed(
      { proposal: toProposalView(id, proposal, now) },
      proposalEntry('requested', id, proposal, proposal.rationale),
    );
  },
});
