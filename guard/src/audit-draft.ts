import type { DocumentAddress } from './documents';

/** Whoever something is done by. */
export interface Actor {
  type: 'staff' | 'member' | 'system' | 'operator';
  id: string;
}

/** What is said about a change, or about what was refused; who, when and under which request is added to it. */
export interface AuditDraft {
  action: string;
  target: string;
  rationale?: string | undefined;
  outcome?: 'success' | 'failed' | 'refused';
  /** True for anything that belongs to a drill, so that it never passes for an incident (law 7). */
  exercise?: boolean;
  metadata?: Record<string, unknown>;
}

/** Under what an entry is written. */
export interface Envelope {
  entryId: string;
  at: Date;
  actor: Actor;
  correlationId: string;
}

/** Makes the audit entry of a change. */
export type AppendEntry = (
  draft: AuditDraft,
  envelope: Envelope,
) => { address: DocumentAddress<unknown>; data: unknown };
