import type { Milestone } from '@muster/contract/drills';
import type { Exercise } from './sources';
import { call } from './suite-client';

const MINUTE = 60_000;

interface TimelineEvent {
  type: Milestone | 'observation';
  at: string;
  note: string;
}

/** Enters an exercise that was held before Muster was there, by the calls with which staff would enter it. */
export const enterExercise = async (exercise: Exercise, token: string): Promise<void> => {
  const { scenarioId, severity, environment, startedAt, endedAt, outcome, notes } = exercise;
  const { unresolvedRisks, attendance, checks } = exercise;
  const caller = { token, correlationId: `seed-${exercise.id}` };
  const { drill } = await call('drills-start', caller, { scenarioId, severity, environment, startedAt });
  for (const event of timelineOf(exercise)) await call('drills-recordEvent', caller, { drillId: drill.id, ...event });
  await call('drills-complete', caller, {
    drillId: drill.id,
    outcome,
    endedAt,
    notes,
    unresolvedRisks,
    mttrMinutes: exercise.reportedTtrMinutes,
    attendance,
    checks,
  });
};

/** Durations become times: detection counts from the start, everything else from detection. */
export const timelineOf = ({ startedAt, endedAt, minutes, observations }: Exercise): TimelineEvent[] => {
  const observed = observations.map((note): TimelineEvent => ({ type: 'observation', at: endedAt, note }));
  if (minutes === undefined) return observed;
  const after = (from: string, duration: number) => new Date(Date.parse(from) + duration * MINUTE).toISOString();
  const detected = after(startedAt, minutes.toDetect);
  const milestone = (type: Milestone, duration: number, from: string, counted: string): TimelineEvent => ({
    type,
    at: after(from, duration),
    note: `Placed by its duration: ${duration} min ${counted}.`,
  });
  return [
    milestone('detected', minutes.toDetect, startedAt, 'from the start'),
    milestone('acknowledged', minutes.toAcknowledge, detected, 'from detection'),
    milestone('contained', minutes.toContain, detected, 'from detection'),
    milestone('resolved', minutes.toResolve, detected, 'from detection'),
    ...observed,
  ];
};
