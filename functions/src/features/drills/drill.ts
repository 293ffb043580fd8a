/**
 * The state machine of a drill: scheduled → in_progress → completed, or cancelled. Pure: each function takes
 * the drill as it is and gives it as it becomes, or refuses with the state it is in.
 */
import type * as z from 'zod';
import type { DrillStatus } from '@muster/contract/drills';
import type { attendance, checks, drillOutcome, drillRoles } from '@muster/contract/drills';
import type { Scenario } from '@muster/contract/scenarios';
import type { environment, Severity } from '@muster/contract/values';
import { badInput, MusterError } from '@muster/core/errors';
import type { Drill } from './drill-document';
import { withMilestone } from '../../timeline/corrections';
import { figuresOf } from '../../timeline/figures';
import { laterThan, refuseWrongOrder } from '../../timeline/order';
import { isMilestone, NO_MILESTONES, type TimelineEvent } from '../../timeline/timeline';

/** A clock that runs ahead by no more than this is forgiven. */
const CLOCK_TOLERANCE_MS = 60_000;

type Given<T> = T | undefined;

export interface Plan {
  scenarioId: string;
  scenario: Scenario | undefined;
  severity: Given<Severity>;
  environment: Given<z.infer<typeof environment>>;
  participants: Given<string[]>;
  roles: Given<z.infer<typeof drillRoles>>;
  dueAt: Date | null;
}

/** A drill that is planned. Who has a role takes part. A scenario that is not in the catalog counts as P2. */
export const planDrill = (plan: Plan, createdBy: string, now: Date): Drill => {
  const roles = plan.roles ?? {};
  return {
    exercise: true,
    scenarioId: plan.scenarioId,
    title: plan.scenario?.title ?? plan.scenarioId,
    kind: plan.scenario?.kind ?? 'tabletop',
    status: 'scheduled',
    severity: plan.severity ?? plan.scenario?.severity ?? 'P2',
    environment: plan.environment ?? 'staging',
    dueAt: plan.dueAt,
    startedAt: null,
    startedEventId: null,
    endedAt: null,
    overdue: false,
    overdueAt: plan.dueAt,
    at: plan.dueAt ?? now,
    participants: [
      ...new Set([...(plan.participants ?? []), ...Object.values(roles).filter((uid) => uid !== undefined)]),
    ],
    roles,
    milestones: NO_MILESTONES,
    safetyBreaches: 0,
    outcome: null,
    notes: null,
    unresolvedRisks: [],
    reportedTtrMs: null,
    attendance: null,
    checks: null,
    figures: null,
    cancelReason: null,
    createdBy,
    createdAt: now,
  };
};

/** A running drill; `startedAt` may lie in the past, when a drill is entered afterwards. */
export const startDrill = (
  drill: Drill,
  start: { startedAt: Date; eventId: string; maxDrillMs: number; now: Date },
): Drill => {
  refuseUnless(drill, ['scheduled'], 'started');
  refuseFuture(start.startedAt, start.now, 'startedAt');
  return {
    ...drill,
    status: 'in_progress',
    startedAt: start.startedAt,
    startedEventId: start.eventId,
    at: start.startedAt,
    overdue: false,
    overdueAt: new Date(start.startedAt.getTime() + start.maxDrillMs),
  };
};

/** The drill after an event. A completed drill takes corrections alone, and its figures follow. */
export const recordEvent = (drill: Drill, event: TimelineEvent & { now: Date }): Drill => {
  refuseUnless(drill, event.supersedes ? ['in_progress', 'completed'] : ['in_progress'], 'given this event');
  refuseFuture(event.at, event.now, 'at');
  const next = project(drill, event);
  refuseWrongOrder(next, 'drill');
  return next.status === 'completed' ? { ...next, figures: figuresOf(next) } : next;
};

const project = (drill: Drill, event: TimelineEvent): Drill => {
  if (isMilestone(event.type)) return { ...drill, milestones: withMilestone(drill, event.type, event) };
  if (event.type === 'started') return { ...restarted(drill, event.at), startedEventId: event.id };
  if (event.type === 'safety_breach' && !event.supersedes)
    return { ...drill, safetyBreaches: drill.safetyBreaches + 1 };
  return drill;
};

/** The longest duration counts from the start that counts; a drill that was flagged already is not flagged again. */
const restarted = (drill: Drill, startedAt: Date): Drill => {
  const movedMs = drill.startedAt ? startedAt.getTime() - drill.startedAt.getTime() : 0;
  const overdueAt = drill.overdueAt && new Date(drill.overdueAt.getTime() + movedMs);
  return { ...drill, startedAt, at: startedAt, overdueAt };
};

export interface Completion {
  outcome: Given<z.infer<typeof drillOutcome>>;
  endedAt: Date;
  notes: Given<string>;
  unresolvedRisks: Given<string[]>;
  reportedTtrMs: Given<number>;
  attendance: Given<z.infer<typeof attendance>>;
  checks: Given<z.infer<typeof checks>>;
}

/** A completed drill, with its figures. */
export const completeDrill = (drill: Drill, completion: Completion, now: Date): Drill => {
  refuseUnless(drill, ['in_progress'], 'completed');
  return completed(drill, completion, now);
};

/** A drill that was held outside of Muster and is entered as completed: no start was seen, so none is claimed. */
export const recordHeldOutside = (planned: Drill, completion: Completion, now: Date): Drill =>
  completed({ ...planned, at: completion.endedAt }, completion, now);

const completed = (drill: Drill, completion: Completion, now: Date): Drill => {
  refuseFuture(completion.endedAt, now, 'endedAt');
  const latest = laterThan(drill, completion.endedAt);
  if (latest) {
    throw badInput([{ field: 'endedAt', problem: `not before what was recorded already (${latest.toISOString()})` }]);
  }
  const next: Drill = {
    ...drill,
    status: 'completed',
    endedAt: completion.endedAt,
    overdue: false,
    overdueAt: null,
    outcome: completion.outcome ?? null,
    notes: completion.notes ?? null,
    unresolvedRisks: completion.unresolvedRisks ?? [],
    reportedTtrMs: completion.reportedTtrMs ?? null,
    attendance: completion.attendance ?? null,
    checks: completion.checks ?? null,
  };
  return { ...next, figures: figuresOf(next) };
};

export const cancelDrill = (drill: Drill, reason: string | null, now: Date): Drill => {
  refuseUnless(drill, ['scheduled', 'in_progress'], 'cancelled');
  return { ...drill, status: 'cancelled', endedAt: now, overdue: false, overdueAt: null, cancelReason: reason };
};

/** Overdue is a flag, not a status; it is set once for each time a drill becomes overdue. */
export const flagOverdue = (drill: Drill): Drill => ({ ...drill, overdue: true, overdueAt: null });

const WHAT_NOW: Record<DrillStatus, string> = {
  scheduled: 'Start it first (drills-start).',
  in_progress: 'It is running: record events, then complete or cancel it.',
  completed: 'It is over. Correct a wrong time with drills-recordEvent and supersedes, or start a new drill.',
  cancelled: 'It is over. Start a new drill.',
};

const refuseUnless = (drill: Drill, allowed: readonly DrillStatus[], done: string): void => {
  if (allowed.includes(drill.status)) return;
  throw new MusterError('CONFLICT', `This drill is ${drill.status}, so it cannot be ${done}. Nothing was changed.`, {
    reason: 'WRONG_STATE',
    state: drill.status,
    next: WHAT_NOW[drill.status],
  });
};

const refuseFuture = (time: Date, now: Date, field: string): void => {
  if (time.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) {
    throw badInput([{ field, problem: `a time that has come already (it is ${now.toISOString()} here)` }]);
  }
};
