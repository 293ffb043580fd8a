/** What clients of before send to `POST /api/capabilities/proposals`, field by field. */
export interface RecordedCapability {
  actorType: 'staff' | 'agent';
  actorId: string;
  ownerUid: string;
  capabilityId: string;
  rationale: string;
  previewSummary: string;
  requestInput: Record<string, unknown>;
  expectedEffects: string[];
  delegation?: {
    delegationId?: string;
    agentUid?: string;
    ownerUid?: string;
    scopes?: string[];
    issuedAt?: string;
    expiresAt?: string;
    revokedAt?: string | null;
  };
}
