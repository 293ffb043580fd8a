/** Law 5: a time is recorded once, and what corrects it supersedes it by name. */
import { MusterError } from '@muster/core/errors';
import type { Milestone } from '@muster/contract/drills';
import type { Timeline, TimelineEvent } from './timeline';

/** The milestones after an event; refuses a second time for one that was reached, unless it corrects the first. */
export const withMilestone = (
  { milestones, status }: Pick<Timeline, 'milestones' | 'status'>,
  type: Milestone,
  { id, at, supersedes }: Omit<TimelineEvent, 'type'>,
): Timeline['milestones'] => {
  const standing = milestones[type];
  if (standing && standing.eventId !== supersedes) {
    throw new MusterError('CONFLICT', `"${type}" is recorded already, at ${standing.at.toISOString()}.`, {
      reason: 'ALREADY_RECORDED',
      state: status,
      next: `If that time is wrong, send the right one with supersedes: "${standing.eventId}"; both stay readable.`,
    });
  }
  return { ...milestones, [type]: { at, eventId: id } };
};
