import { createHash } from 'node:crypto';
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import type { Proposal } from './proposal-document';

/** The entry of what became of a proposal. `input` and `output` may hold anything, so the entry tells their size and hash alone. */
export const proposalEntry = (
  what: 'requested' | 'approved' | 'rejected' | 'reopened' | 'executed',
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
    proposedBy: proposal.proposedBy,
    ...(proposal.ownerLabel === null ? {} : { ownerLabel: proposal.ownerLabel }),
    ...(proposal.exemptedBy.length === 0 ? {} : { exemptedBy: proposal.exemptedBy }),
    delegation: proposal.delegation,
    scope: proposal.scope,
    ...sealed('input', proposal.input),
    ...(proposal.output === null ? {} : sealed('output', proposal.output)),
  },
});

const sealed = (name: 'input' | 'output', json: string) => ({
  [`${name}Bytes`]: Buffer.byteLength(json),
  [`${name}Sha256`]: createHash('sha256').update(json).digest('hex'),
});
