import type * as z from 'zod';
import type { AuditActorType, AuditOutcome } from '@muster/contract/audit/entry';
import type { Severity } from '@muster/contract/values';
import type { DocumentAddress } from '../storage/documents';
import type { keeping } from './audit-entry';

/** Whoever something is done by. */
export interface Actor {
  type: AuditActorType;
  id: string;
}

/** What is said about a change, or about what was refused; who, when and under which request is added to it. */
export interface AuditDraft {
  action: string;
  target: string;
  rationale?: string | undefined;
  outcome?: AuditOutcome;
  /** True for anything that belongs to a drill, so that it never passes for an incident (law 7). */
  exercise?: boolean;
  metadata?: Record<string, unknown>;
  severity?: Severity | undefined;
  /** What it belongs to, said where it is known: nothing is read out of `target` or `metadata`. */
  drillId?: string | undefined;
  incidentId?: string | undefined;
  /** Of the log's own keeping: what a check of an export rests on, so it is in the leaf as it is. */
  keeping?: z.infer<typeof keeping>;
}

/** What an entry about a drill says of it, the mark of an exercise (law 7) included. */
export const aboutDrill = (drillId: string) => ({ target: `drills/${drillId}`, drillId, exercise: true }) as const;

/** What an entry about an incident says of it. */
export const aboutIncident = (incidentId: string) => ({ target: `incidents/${incidentId}`, incidentId }) as const;

/** Where a request came from. */
export interface RequestOrigin {
  /** The address that Google's front end saw; null for who has none, such as a schedule. */
  ip: string | null;
  /** Of the sign-in: the same for all tokens of one, and for no other. */
  sessionId: string | null;
  /** The caller's own id for the request. */
  callerRequestId?: string | null | undefined;
}

/** Under what an entry is written. */
export interface Envelope {
  entryId: string;
  at: Date;
  actor: Actor;
  /** Muster's own: of a request, or of a job's run. */
  correlationId: string;
  from?: RequestOrigin | undefined;
}

/** Makes the audit entry of a change. */
export type AppendEntry = (
  draft: AuditDraft,
  envelope: Envelope,
) => { address: DocumentAddress<unknown>; data: unknown };
