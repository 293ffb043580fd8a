import { createHash } from 'node:crypto';
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import type { Proposal } from './proposal-document';

/** The entry of what became of a proposal. `input` may hold anything, so the entry tells its size and hash alone. */
export const proposalEntry = (
  what: 'requested' | 'approved' | 'rejected' | 'executed',
  id: string,
  proposal: Proposal,
  rationale: string | undefined,
): AuditDraft => ({
  action: `capability.action_${what}`,
  target: `proposals/${id}`,
  rationale,
  metadata: {
    status: proposal.status,
    capability: proposal.capability,
    actor: proposal.actor,
    owner: proposal.owner,
    delegation: proposal.delegation,
    scope: proposal.scope,
    inputBytes: Buffer.byteLength(proposal.input),
    inputSha256: createHash('sha256').update(proposal.input).digest('hex'),
  },
});
