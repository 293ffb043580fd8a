/** Drills: what is asked and answered. Durations are integer milliseconds, but for `mttrMinutes`. */
import * as z from 'zod';
import * as v from './values';

export const drillStatus = z.enum(['scheduled', 'in_progress', 'completed', 'cancelled']);
export type DrillStatus = z.infer<typeof drillStatus>;

export const drillOutcome = z.enum(['success', 'partial', 'failed']);

/** The four moments that figures are computed from; each is recorded once and changed only by a correction. */
export const milestone = z.enum(['detected', 'acknowledged', 'contained', 'resolved']);
export type Milestone = z.infer<typeof milestone>;

/** `started` is written by the start itself; it can be given only as a correction of a wrong start time. */
export const drillEventType = z.enum([
  'started',
  ...milestone.options,
  'decision',
  'observation',
  'safety_breach',
  'completed',
]);
export type DrillEventType = z.infer<typeof drillEventType>;

/** Who leads what (NIST SP 800-84, HSEEP): uids. */
export const drillRoles = z.strictObject({
  incidentCommander: v.uid.optional(),
  securityLead: v.uid.optional(),
  communicationsLead: v.uid.optional(),
  technicalLead: v.uid.optional(),
});

const participants = z.array(v.uid).max(100);

/** One figure: measured from events, or reported by whoever entered the drill; never zero for "unknown". */
export const figure = z.strictObject({
  valueMs: z.int().min(0).nullable(),
  targetMs: z.int().positive(),
  result: z.enum(['met', 'missed', 'not_measured']),
  source: z.enum(['events', 'reported', 'none']),
});
export type Figure = z.infer<typeof figure>;

/** TTD = detected − started, TTA = acknowledged − detected, TTC = contained − detected, TTR = resolved − detected. */
export const drillFigures = z.strictObject({ ttd: figure, tta: figure, ttc: figure, ttr: figure });
export type DrillFigures = z.infer<typeof drillFigures>;

/** How many were invited and how many came. */
export const attendance = z
  .strictObject({ invited: z.int().min(0).max(10_000), attended: z.int().min(0).max(10_000) })
  .refine((seats) => seats.attended <= seats.invited, {
    path: ['attended'],
    error: 'no more than were invited',
  });

/** Checks of a recovery test: how many ran and how many held. */
export const checks = z
  .strictObject({ total: z.int().min(1).max(100_000), passed: z.int().min(0).max(100_000) })
  .refine((count) => count.passed <= count.total, { path: ['passed'], error: 'no more than the total' });

/** A drill as answered. `exercise` is always true: a drill never passes for an incident (law 7). */
export const drill = z.strictObject({
  id: v.drillId,
  exercise: z.literal(true),
  scenarioId: v.scenarioId,
  title: z.string(),
  kind: z.string(),
  status: drillStatus,
  severity: v.severity,
  environment: v.environment,
  dueAt: v.instant.nullable(),
  startedAt: v.instant.nullable(),
  endedAt: v.instant.nullable(),
  overdue: z.boolean(),
  /** Those invited, and whoever has a role. */
  participants: z.array(v.uid),
  roles: drillRoles,
  milestones: z.strictObject({
    detected: v.instant.nullable(),
    acknowledged: v.instant.nullable(),
    contained: v.instant.nullable(),
    resolved: v.instant.nullable(),
  }),
  safetyBreaches: z.int().min(0),
  outcome: drillOutcome.nullable(),
  notes: z.string().nullable(),
  unresolvedRisks: z.array(z.string()),
  attendance: attendance.nullable(),
  checks: checks.nullable(),
  figures: drillFigures.nullable(),
  cancelReason: z.string().nullable(),
  createdBy: z.string(),
  createdAt: v.instant,
});
export type DrillView = z.infer<typeof drill>;

/** One event of the timeline; `supersededBy` names the correction that counts instead. */
export const drillEvent = z.strictObject({
  id: v.drillEventId,
  type: drillEventType,
  at: v.instant,
  recordedAt: v.instant,
  recordedBy: z.string(),
  seenBy: z.string().nullable(),
  note: z.string().nullable(),
  supersedes: v.drillEventId.nullable(),
  supersededBy: v.drillEventId.nullable(),
});

const notes = v.text(4000);
const unresolvedRisks = z.array(v.text(500)).max(50);

export const scheduleDrill = {
  request: z.strictObject({
    scenarioId: v.scenarioId,
    dueAt: v.instant,
    severity: v.severity.optional(),
    environment: v.environment.optional(),
    participants: participants.optional(),
    roles: drillRoles.optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ drill }),
};

export const startDrill = {
  request: z
    .strictObject({
      drillId: v.drillId.optional(),
      scenarioId: v.scenarioId.optional(),
      startedAt: v.instant.optional(),
      severity: v.severity.optional(),
      environment: v.environment.optional(),
      participants: participants.optional(),
      roles: drillRoles.optional(),
      requestId: v.requestId.optional(),
    })
    .refine((input) => (input.drillId === undefined) !== (input.scenarioId === undefined), {
      path: ['drillId'],
      error: 'give either drillId (a planned drill) or scenarioId (a new one), not both and not neither',
    })
    .refine(
      (input) =>
        input.drillId === undefined ||
        [input.severity, input.environment, input.participants, input.roles].every((field) => field === undefined),
      {
        path: ['drillId'],
        error: 'a planned drill has its severity, environment, participants and roles already: leave them out',
      },
    ),
  response: z.strictObject({ drill }),
};

export const recordEvent = {
  request: z
    .strictObject({
      drillId: v.drillId,
      type: drillEventType.exclude(['completed']),
      at: v.instant.optional(),
      seenBy: v.text(200).optional(),
      note: v.text(4000).optional(),
      supersedes: v.drillEventId.optional(),
      requestId: v.requestId.optional(),
    })
    .refine((input) => input.type !== 'started' || input.supersedes !== undefined, {
      path: ['type'],
      error: 'a drill is started by drills-start; here "started" can only correct a wrong start time (supersedes)',
    }),
  response: z.strictObject({ drill, event: drillEvent }),
};

export const completeDrill = {
  request: z.strictObject({
    drillId: v.drillId,
    outcome: drillOutcome,
    endedAt: v.instant.optional(),
    notes: notes.optional(),
    unresolvedRisks: unresolvedRisks.optional(),
    mttrMinutes: v.minutes.optional(),
    attendance: attendance.optional(),
    checks: checks.optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ drill }),
};

export const cancelDrill = {
  request: z.strictObject({ drillId: v.drillId, reason: v.text(1000), requestId: v.requestId.optional() }),
  response: z.strictObject({ drill }),
};

export const getDrill = {
  request: z.strictObject({ drillId: v.drillId }),
  response: z.strictObject({ drill, events: z.array(drillEvent), moreEvents: z.boolean() }),
};

export const listDrills = {
  request: z.strictObject({
    status: drillStatus.optional(),
    scenarioId: v.scenarioId.optional(),
    overdue: z.boolean().optional(),
    from: v.instant.optional(),
    to: v.instant.optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ drills: z.array(drill), nextCursor: v.cursor.nullable() }),
};

/** The words that existing clients have for the status of a drill. */
export const postedStatus = z.enum(['started', 'completed', 'scheduled', 'cancelled']);
export type PostedStatus = z.infer<typeof postedStatus>;

/** `POST /api/ops/drills`: the fields existing clients post. */
export const recordDrillStatus = {
  request: z.strictObject({
    scenarioId: v.scenarioId,
    status: postedStatus,
    outcome: z.enum(['in_progress', ...drillOutcome.options]).optional(),
    notes: notes.optional(),
    mttrMinutes: v.minutes.optional(),
    unresolvedRisks: unresolvedRisks.optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ drill }),
};

/** One row of `GET /api/ops/drills`: a status as it was recorded. */
export const drillRow = z.strictObject({
  id: v.auditEntryId,
  at: v.instant,
  scenarioId: z.string(),
  status: z.string(),
  outcome: z.string().nullable(),
  notes: z.string().nullable(),
  mttrMinutes: z.number().nullable(),
  unresolvedRisks: z.array(z.string()),
});

export const listDrillRows = {
  request: z.strictObject({ limit: v.limit }),
  response: z.strictObject({ rows: z.array(drillRow) }),
};
