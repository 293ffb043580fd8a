import type { ChangeContext } from '../../platform/operations/define-change';
import { drillEventAt } from './drill-document';

/** The two events that a timeline stands between. The first is what every figure counts from. */
export interface Mark {
  type: 'started' | 'completed';
  eventId: string;
  at: Date;
}

/** Stages the first or the last event of a timeline, which the backend writes by itself. */
export const stageMark = ({ work, actor, now }: ChangeContext, drillId: string, { type, eventId, at }: Mark): void =>
  work.create(drillEventAt(drillId, eventId), {
    type,
    at,
    recordedAt: now,
    recordedBy: actor.id,
    seenBy: null,
    note: null,
    supersedes: null,
    supersededBy: null,
  });
