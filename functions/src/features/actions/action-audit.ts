import { createHash } from 'node:crypto';
import type { AuditDraft } from '../../../../guard/src/audit-draft';
import type { Action } from './action-document';

/** The entry of what became of a proposal. `input` may hold anything, so the entry tells its size and hash alone. */
export const actionEntry = (
  what: 'requested' | 'approved' | 'rejected' | 'executed',
  id: string,
  action: Action,
  rationale: string | undefined,
): AuditDraft => ({
  action: `capability.action_${what}`,
  target: `actions/${id}`,
  rationale,
  metadata: {
    status: action.status,
    capability: action.capability,
    actor: action.actor,
    owner: action.owner,
    delegation: action.delegation,
    scope: action.scope,
    inputBytes: Buffer.byteLength(action.input),
    inputSha256: createHash('sha256').update(action.input).digest('hex'),
  },
});
