import type { AppendEntry, AuditDraft } from './audit-draft';
import { prefixesOf, wordsOf } from '@muster/contract/audit/words';
import { redact, redactText } from '../redaction/redaction';
import { auditEntryAt, type AuditEntry } from './audit-entry';

/**
 * Makes the entry of a change. Everything that a product may say in its own words passes the redacting door, and what
 * is taken from it is taken after. Not the action, of which the contract says what it looks like, nor who did it.
 */
export const appendEntry: AppendEntry = (draft, { entryId, at, actor, correlationId, from }) => {
  refuseUnsaid(draft);
  const rationale = draft.rationale === undefined ? null : redactText(draft.rationale);
  const target = redactText(draft.target);
  const metadata = redact(asJson(draft.metadata ?? {})) as Record<string, unknown>;
  const data: AuditEntry = {
    v: 2,
    at,
    actorType: actor.type,
    actorId: actor.id,
    action: draft.action,
    actionPrefixes: prefixesOf(draft.action),
    rationale,
    words: wordsOf(rationale),
    target,
    outcome: draft.outcome ?? 'success',
    severity: draft.severity ?? null,
    drillId: saidId(draft.drillId),
    incidentId: saidId(draft.incidentId),
    correlationId: redactText(correlationId),
    ip: from?.ip ?? null,
    sessionId: from?.sessionId ?? null,
    callerRequestId: from?.callerRequestId ?? null,
    exercise: draft.exercise ?? false,
    metadata,
    keeping: draft.keeping ?? null,
    leafIndex: null,
    musterExpireAt: null,
  };
  return { address: auditEntryAt(entryId), data };
};

const saidId = (id: string | undefined): string | null => (id === undefined ? null : redactText(id));

/** An entry about a drill or an incident is found by its id and marked; one that lacks them would be lost among the others. */
const refuseUnsaid = ({ target, drillId, incidentId, exercise }: AuditDraft): void => {
  if (target.startsWith('drills/') && (drillId === undefined || !exercise))
    throw new Error(
      `an entry about ${target} must say its drillId, and that it is an exercise: begin it with aboutDrill`,
    );
  if (target.startsWith('incidents/') && incidentId === undefined)
    throw new Error(`an entry about ${target} must say its incidentId: begin it with aboutIncident`);
};

/** What JSON keeps, because the leaf of the entry in the log is JSON: times as text, nothing undefined, no number without a name. */
const asJson = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('utf8');
  if (Array.isArray(value)) return value.map((inner) => asJson(inner ?? null));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, asJson(inner)]])),
  );
};
