import { CAPABILITY_CATALOG, classIn, type CapabilityClass } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { exemptersOf, type GuardRequest } from '@muster/guard/decision';
import { delegation, delegationAt } from '@muster/guard/delegation';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { policyAsStored } from '@muster/guard/policy-document';
import { parsedRevocation, revocationAt } from '@muster/guard/revocation';
import type { Work } from '@muster/core/storage/work';
import { proposed } from './proposal';
import { proposalEntry } from './proposal-audit';
import { proposalAt, toProposalView } from './proposal-document';
import { documentsNamed, guardRequestOf } from './delegation-finder';
import { refuseTooManyOf } from './waiting-proposals';
import { refuseForeignAgent, refuseUnanswered, type Asking } from './who-answers';

/** Asks neither the policy nor anything that it restricts. */
const WITHOUT_POLICY: CapabilityClass = 'read';

/**
 * `proposals-request`. Reads policy, the caller's, the agent's and the owner's revocation, and the delegation that is named, or
 * up to 20 to find one; writes the proposal and its entry. What is forbidden now cannot be proposed either. Refused in this
 * order: what is carried, what is stored of it, who asks, what is restricted.
 */
export const requestProposal = defineChange('proposals-request', {
  guarded: 'muster.proposals.request',
  restrictedLast: true,
  cost: { reads: 26, writes: 3 },
  reads: documentsNamed,
  async decide({ work, now, clock, ids, identity, roles, limits }, input) {
    const actor = input.agent ?? identity.uid;
    const request = await guardRequestOf(work, input, { actor, authTime: identity.authTime }, clock());
    const kind = classIn(CAPABILITY_CATALOG, input.capability);
    await prefetchFor(work, request, kind);
    refuseForbidden(work, request, WITHOUT_POLICY, clock());
    const asking: Asking = { identity, roles, identityDomains: limits.identityDomains };
    refuseForeignAgent(input.agent, asking);
    refuseUnanswered(delegatedIn(work, request), asking);
    const asked = { ...request, proposedBy: identity.uid };
    refuseForbidden(work, asked, kind, clock());
    await refuseTooManyOf(work, identity.uid, now);

    const id = ids('prp');
    const proposal = proposed(
      {
        capability: input.capability,
        actor,
        owner: request.owner,
        delegation: request.delegation ?? null,
        scope: input.scope ?? null,
        proposedBy: identity.uid,
        ownerLabel: input.ownerLabel ?? null,
        rationale: input.rationale,
        previewSummary: input.previewSummary ?? null,
        expectedEffects: input.expectedEffects,
        exemptedBy: exemptersOf(asked, kind, work.seen(policyAsStored()), clock()),
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

/** The stored delegation that a request is made under, with whether its owner was revoked; both were read for the guard. */
export const delegatedIn = (work: Pick<Work, 'seen'>, { delegation: id, owner }: GuardRequest) => {
  if (id === undefined || owner === undefined) return undefined;
  const stored = delegation.parse(work.seen(delegationAt(id)));
  return { stored, ownerRevoked: parsedRevocation(work.seen(revocationAt(owner))) };
};
