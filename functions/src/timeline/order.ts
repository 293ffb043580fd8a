/** In which order things can have happened. */
import type { Milestone } from '@muster/contract/drills';
import { MusterError } from '@muster/core/errors';
import type { Timeline } from './timeline';

/** No figure may come out negative: what follows from something does not come before it. */
const ORDER: readonly [Milestone | 'started', Milestone][] = [
  ['started', 'detected'],
  ['detected', 'acknowledged'],
  ['detected', 'contained'],
  ['detected', 'resolved'],
  ['contained', 'resolved'],
];

/** Refuses a timeline whose figures would make no sense. `what` names it: "drill". */
export const refuseWrongOrder = (timeline: Timeline, what: string): void => {
  refuseAfterTheEnd(timeline, what);
  const timeOf = (name: Milestone | 'started') =>
    name === 'started' ? timeline.startedAt : timeline.milestones[name]?.at;
  for (const [earlier, later] of ORDER) {
    const [from, to] = [timeOf(earlier), timeOf(later)];
    if (from && to && to < from) {
      throw new MusterError(
        'CONFLICT',
        `"${later}" (${to.toISOString()}) would come before "${earlier}" (${from.toISOString()}).`,
        {
          reason: 'WRONG_ORDER',
          state: timeline.status,
          next: 'Check both times; correct the wrong one with supersedes.',
        },
      );
    }
  }
};

/** What is over takes corrections, and none of them may move something behind its end. */
const refuseAfterTheEnd = (timeline: Timeline, what: string): void => {
  const { endedAt, status } = timeline;
  const late = endedAt && laterThan(timeline, endedAt);
  if (!endedAt || !late) return;
  throw new MusterError(
    'CONFLICT',
    `${late.toISOString()} is after the end of the ${what} (${endedAt.toISOString()}).`,
    {
      reason: 'WRONG_ORDER',
      state: status,
      next: `Check the time; what happened after the end belongs to another ${what}.`,
    },
  );
};

/** What stands on the timeline after a time, if anything does. */
export const laterThan = (
  { startedAt, milestones }: Omit<Timeline, 'status' | 'endedAt'>,
  end: Date,
): Date | undefined =>
  [startedAt, ...Object.values(milestones).map((reached) => reached?.at ?? null)].find(
    (time): time is Date => time !== null && time > end,
  );
