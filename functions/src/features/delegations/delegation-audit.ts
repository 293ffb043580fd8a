import type { AuditDraft } from '@muster/core/audit/audit-draft';
import type { Delegation } from '@muster/guard/delegation';
import { logicalName, paths } from '@muster/core/storage/paths';

const about = ({ owner, agent, capabilities, scope, expiresAt }: Delegation) => ({
  owner,
  agent,
  capabilities,
  scope,
  expiresAt: expiresAt.toISOString(),
});

export const delegationGranted = (id: string, granted: Delegation): AuditDraft => ({
  action: 'capability.delegation_granted',
  target: logicalName(paths.delegation(id)),
  rationale: granted.reason,
  metadata: about(granted),
});

export const delegationRevoked = (id: string, revoked: Delegation): AuditDraft => ({
  action: 'capability.delegation_revoked',
  target: logicalName(paths.delegation(id)),
  rationale: revoked.revokeReason ?? undefined,
  metadata: about(revoked),
});
