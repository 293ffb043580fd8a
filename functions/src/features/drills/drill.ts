/**
 * The state machine of a drill: scheduled → in_progress → completed, or cancelled. Pure: each function takes
 * the drill as it is and gives it as it becomes, or refuses with the state it is in.
 */
import type * as z from 'zod';
import { milestone, type DrillEventType, type DrillStatus, type Milestone } from '../../contract/drills';
import type { attendance, checks, drillOutcome, drillRoles } from '../../contract/drills';
import type { Scenario } from '../../contract/scenarios';
import type { environment, Severity } from '../../contract/values';
import { badInput, MusterError } from '../../../../guard/src/errors';
import type { Drill } from './drill-document';
import { figuresOf } from './figures';

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
    milestones: { detected: null, acknowledged: null, contained: null, resolved: null },
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
export const recordEvent = (
  drill: Drill,
  event: { id: string; type: DrillEventType; at: Date; supersedes: string | null; now: Date },
): Drill => {
  refuseUnless(drill, event.supersedes ? ['in_progress', 'completed'] : ['in_progress'], 'given this event');
  refuseFuture(event.at, event.now, 'at');
  const next = project(drill, event);
  refuseWrongOrder(next);
  return next.status === 'completed' ? { ...next, figures: figuresOf(next) } : next;
};

const project = (
  drill: Drill,
  event: { id: string; type: DrillEventType; at: Date; supersedes: string | null },
): Drill => {
  if (isMilestone(event.type)) {
    const standing = drill.milestones[event.type];
    if (standing && standing.eventId !== event.supersedes) {
      throw new MusterError('CONFLICT', `"${event.type}" is recorded already, at ${standing.at.toISOString()}.`, {
        reason: 'ALREADY_RECORDED',
        state: drill.status,
        next: `If that time is wrong, send the right one with supersedes: "${standing.eventId}"; both stay readable.`,
      });
    }
    return { ...drill, milestones: { ...drill.milestones, [event.type]: { at: event.at, eventId: event.id } } };
  }
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

const isMilestone = (type: DrillEventType): type is Milestone => milestone.options.some((name) => name === type);

/** No figure may come out negative: what follows from something does not come before it. */
const ORDER: readonly [Milestone | 'started', Milestone][] = [
  ['started', 'detected'],
  ['detected', 'acknowledged'],
  ['detected', 'contained'],
  ['detected', 'resolved'],
  ['contained', 'resolved'],
];

const refuseWrongOrder = (drill: Drill): void => {
  refuseAfterTheEnd(drill);
  const timeOf = (name: Milestone | 'started') => (name === 'started' ? drill.startedAt : drill.milestones[name]?.at);
  for (const [earlier, later] of ORDER) {
    const [from, to] = [timeOf(earlier), timeOf(later)];
    if (from && to && to < from) {
      throw new MusterError(
        'CONFLICT',
        `"${later}" (${to.toISOString()}) would come before "${earlier}" (${from.toISOString()}).`,
        {
          reason: 'WRONG_ORDER',
          state: drill.status,
          next: 'Check both times; correct the wrong one with supersedes.',
        },
      );
    }
  }
};

/** A completed drill takes corrections, and none of them may move something behind its end. */
const refuseAfterTheEnd = ({ endedAt, startedAt, milestones, status }: Drill): void => {
  const times = [startedAt, ...Object.values(milestones).map((reached) => reached?.at ?? null)];
  const late = endedAt && times.find((time) => time !== null && time > endedAt);
  if (!endedAt || !late) return;
  throw new MusterError('CONFLICT', `${late.toISOString()} is after the end of the drill (${endedAt.toISOString()}).`, {
    reason: 'WRONG_ORDER',
    state: status,
    next: 'Check the time; what happened after the end belongs to another drill.',
  });
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
  const latest = [drill.startedAt, ...Object.values(drill.milestones).map((reached) => reached?.at ?? null)].find(
    (time) => time !== null && time > completion.endedAt,
  );
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
