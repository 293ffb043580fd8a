/** What a drill and an incident have in common: when it began, its four milestones, when it ended. Pure. */
import { milestone, type DrillEventType, type Milestone } from '@muster/contract/drills';

/** A milestone as it counts now: its time, and the event that says so. */
export interface Reached {
  at: Date;
  eventId: string;
}

export interface Timeline {
  /** Where whatever it is of stands, for refusals. */
  status: string;
  startedAt: Date | null;
  endedAt: Date | null;
  milestones: Record<Milestone, Reached | null>;
}

/** One thing that happened. */
export interface TimelineEvent {
  id: string;
  type: DrillEventType;
  at: Date;
  /** The event that this one corrects. */
  supersedes: string | null;
}

/** A timeline on which nothing was reached yet. */
export const NO_MILESTONES: Timeline['milestones'] = {
  detected: null,
  acknowledged: null,
  contained: null,
  resolved: null,
};

export const isMilestone = (type: DrillEventType): type is Milestone => milestone.options.some((name) => name === type);
