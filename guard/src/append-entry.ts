import type { AppendEntry } from './audit-draft';
import { redact, redactText } from './redaction';
import { auditEntryAt, type AuditEntry } from './audit-entry';

/** Makes the entry of a change. All words in it pass the redacting door; ids and actions are Muster's own. */
export const appendEntry: AppendEntry = (draft, { entryId, at, actor, correlationId }) => {
  const data: AuditEntry = {
    at,
    actorType: actor.type,
    actorId: actor.id,
    action: draft.action,
    actionPrefixes: prefixesOf(draft.action),
    rationale: draft.rationale === undefined ? null : redactText(draft.rationale),
    target: draft.target,
    outcome: draft.outcome ?? 'success',
    correlationId,
    exercise: draft.exercise ?? false,
    metadata: redact(defined(draft.metadata ?? {})) as Record<string, unknown>,
  };
  return { address: auditEntryAt(entryId), data };
};

/** `a`, `ab`, `abc`, … up to the whole action. */
export const prefixesOf = (action: string): string[] =>
  Array.from({ length: action.length }, (_, index) => action.slice(0, index + 1));

const defined = (metadata: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
