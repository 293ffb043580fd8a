import type { AuditDraft } from '../../../../guard/src/audit-draft';
import type { Delegation } from '../../../../guard/src/delegation';
import { paths } from '../../../../guard/src/paths';

const about = ({ owner, agent, capabilities, scope, expiresAt }: Delegation) => ({
  owner,
  agent,
  capabilities,
  scope,
  expiresAt: expiresAt.toISOString(),
});

export const delegationGranted = (id: string, granted: Delegation): AuditDraft => ({
  action: 'capability.delegation_granted',
  target: paths.delegation(id),
  rationale: granted.reason,
  metadata: about(granted),
});

export const delegationRevoked = (id: string, revoked: Delegation): AuditDraft => ({
  action: 'capability.delegation_revoked',
  target: paths.delegation(id),
  rationale: revoked.revokeReason ?? undefined,
  metadata: about(revoked),
});
