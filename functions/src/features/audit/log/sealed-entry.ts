/** An entry as stored, as its leaf is made of it, and what of it can be wrong. */
import type { AuditEntry } from '@muster/core/audit/audit-entry';
import { prefixesOf, wordsOf } from '@muster/contract/audit/words';
import { hashOfLeaf, leafOf, type SealedEntry } from '@muster/tlog/leaf';

export const toSealedEntry = (id: string, entry: AuditEntry): SealedEntry => ({
  v: entry.v,
  id,
  at: entry.at.toISOString(),
  actorType: entry.actorType,
  actorId: entry.actorId,
  action: entry.action,
  rationale: entry.rationale,
  target: entry.target,
  outcome: entry.outcome,
  severity: entry.severity,
  drillId: entry.drillId,
  incidentId: entry.incidentId,
  correlationId: entry.correlationId,
  ip: entry.ip,
  sessionId: entry.sessionId,
  exercise: entry.exercise,
  metadata: entry.metadata,
  callerRequestId: entry.callerRequestId,
  keeping: entry.keeping,
});

export const hashOfEntry = (id: string, entry: AuditEntry, salt: string): Uint8Array =>
  hashOfLeaf(leafOf(toSealedEntry(id, entry), salt));

/** Fields that are not in the leaf, because they follow from it, and do not: somebody changed them, to hide the entry from a query. */
export const misderivedFields = (entry: AuditEntry): ('actionPrefixes' | 'words')[] => {
  const wrong: ('actionPrefixes' | 'words')[] = [];
  if (!same(entry.actionPrefixes, prefixesOf(entry.action))) wrong.push('actionPrefixes');
  if (!same(entry.words, wordsOf(entry.rationale))) wrong.push('words');
  return wrong;
};

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index]);
