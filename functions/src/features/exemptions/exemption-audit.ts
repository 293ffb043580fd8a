import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { ExemptionDocument } from './exemption-document';

const about = ({ owner, capability, until, from }: ExemptionDocument) => ({
  owner,
  capability,
  until: until.toISOString(),
  from,
});

/** The first of two persons asked for it; nobody passes yet. */
export const exemptionRequested = (id: string, requested: ExemptionDocument): AuditDraft => ({
  action: 'capability.exemption_requested',
  target: logicalName(paths.exemption(id)),
  rationale: requested.justification,
  metadata: about(requested),
});

/** `rebuilt`: the policy was missing or damaged and was stored again with this, as restricted as before. */
export const exemptionGranted = (
  id: string,
  granted: ExemptionDocument,
  { rebuilt, breakGlass }: { rebuilt: boolean; breakGlass: boolean },
): AuditDraft => ({
  action: 'capability.exemption_granted',
  target: logicalName(paths.exemption(id)),
  rationale: granted.justification,
  metadata: {
    ...about(granted),
    ...(granted.requestedBy === null ? {} : { requestedBy: granted.requestedBy }),
    ...(rebuilt ? { rebuilt } : {}),
    ...(breakGlass ? { breakGlass } : {}),
  },
});

export const exemptionRevoked = (id: string, revoked: ExemptionDocument): AuditDraft => ({
  action: 'capability.exemption_revoked',
  target: logicalName(paths.exemption(id)),
  rationale: revoked.revokeReason ?? undefined,
  metadata: { ...about(revoked), grantedBy: revoked.grantedBy },
});
