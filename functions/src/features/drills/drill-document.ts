import * as z from 'zod';
import {
  attendance,
  checks,
  drillEventType,
  drillFigures,
  drillOutcome,
  drillRoles,
  drillStatus,
  type DrillView,
} from '@muster/contract/drills';
import { environment, severity } from '@muster/contract/values';
import { documentAt, type Stored } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** A milestone counts as its event says; the event's id tells which one counts. */
const reached = z.strictObject({ at: z.date(), eventId: z.string() }).nullable();

/** `muster_drills/{id}` as stored: the projection of the drill's events. */
export const drillDocument = z.strictObject({
  exercise: z.literal(true),
  scenarioId: z.string(),
  title: z.string(),
  kind: z.string(),
  status: drillStatus,
  severity,
  environment,
  dueAt: z.date().nullable(),
  startedAt: z.date().nullable(),
  startedEventId: z.string().nullable(),
  endedAt: z.date().nullable(),
  overdue: z.boolean(),
  /** When this drill becomes overdue as it stands; null when it cannot any more. The schedule asks for this alone. */
  overdueAt: z.date().nullable(),
  /** What lists are ordered by: when it was held, else when it is due, else when it was entered. */
  at: z.date(),
  participants: z.array(z.string()),
  roles: drillRoles,
  milestones: z.strictObject({ detected: reached, acknowledged: reached, contained: reached, resolved: reached }),
  safetyBreaches: z.int(),
  outcome: drillOutcome.nullable(),
  notes: z.string().nullable(),
  unresolvedRisks: z.array(z.string()),
  reportedTtrMs: z.int().nullable(),
  attendance: attendance.nullable(),
  checks: checks.nullable(),
  figures: drillFigures.nullable(),
  cancelReason: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
});
export type Drill = z.infer<typeof drillDocument>;

/** `muster_drills/{id}/muster_events/{id}`: what happened, as recorded. Only `supersededBy` is ever added to it, once. */
export const drillEventDocument = z.strictObject({
  type: drillEventType,
  at: z.date(),
  recordedAt: z.date(),
  recordedBy: z.string(),
  seenBy: z.string().nullable(),
  note: z.string().nullable(),
  supersedes: z.string().nullable(),
  supersededBy: z.string().nullable(),
});
export type DrillEvent = z.infer<typeof drillEventDocument>;

export const drillAt = (id: string) => documentAt(paths.drill(id), drillDocument);
export const drillEventAt = (drillId: string, eventId: string) =>
  documentAt(paths.drillEvent(drillId, eventId), drillEventDocument);

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A drill as answered. */
export const toDrillView = (id: string, drill: Drill): DrillView => ({
  id,
  exercise: true,
  scenarioId: drill.scenarioId,
  title: drill.title,
  kind: drill.kind,
  status: drill.status,
  severity: drill.severity,
  environment: drill.environment,
  dueAt: iso(drill.dueAt),
  startedAt: iso(drill.startedAt),
  endedAt: iso(drill.endedAt),
  overdue: drill.overdue,
  participants: drill.participants,
  roles: drill.roles,
  milestones: {
    detected: iso(drill.milestones.detected?.at ?? null),
    acknowledged: iso(drill.milestones.acknowledged?.at ?? null),
    contained: iso(drill.milestones.contained?.at ?? null),
    resolved: iso(drill.milestones.resolved?.at ?? null),
  },
  safetyBreaches: drill.safetyBreaches,
  outcome: drill.outcome,
  notes: drill.notes,
  unresolvedRisks: drill.unresolvedRisks,
  attendance: drill.attendance,
  checks: drill.checks,
  figures: drill.figures,
  cancelReason: drill.cancelReason,
  createdBy: drill.createdBy,
  createdAt: drill.createdAt.toISOString(),
});

export const toEventView = ({ id, data }: Pick<Stored<DrillEvent>, 'id' | 'data'>) => ({
  ...data,
  id,
  at: data.at.toISOString(),
  recordedAt: data.recordedAt.toISOString(),
});
