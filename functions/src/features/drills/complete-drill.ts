import { changed } from '../../platform/operations/change';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import { completeDrill as complete, type Completion } from './drill';
import { statusEntry } from './drill-audit';
import { drillAt, drillEventAt, toDrillView } from './drill-document';
import { minutesToMs } from '../../timeline/figures';
import { unknownDrill } from './drill-errors';

/** `drills-complete`. Reads policy, revocation, drill; writes drill, last event, entry. */
export const completeDrill = defineChange('drills-complete', {
  guarded: 'muster.drills.complete',
  cost: { reads: 3, writes: 3 },
  reads: ({ drillId }) => [drillAt(drillId)],
  async decide(context, { drillId, mttrMinutes, endedAt, ...rest }) {
    const { work, now, ids } = context;
    const before = await work.read(drillAt(drillId));
    if (!before) throw unknownDrill();
    const completion: Completion = {
      outcome: rest.outcome,
      endedAt: endedAt === undefined ? now : new Date(endedAt),
      notes: rest.notes,
      unresolvedRisks: rest.unresolvedRisks,
      reportedTtrMs: mttrMinutes === undefined ? undefined : minutesToMs(mttrMinutes),
      attendance: rest.attendance,
      checks: rest.checks,
    };
    const drill = complete(before, completion, now);
    work.write(drillAt(drillId), drill);
    stageCompleted(context, drillId, ids('evt'), completion.endedAt);
    return changed({ drill: toDrillView(drillId, drill) }, statusEntry(drillId, drill, 'completed'));
  },
});

/** The last event of the timeline. */
export const stageCompleted = ({ work, actor, now }: ChangeContext, drillId: string, eventId: string, at: Date): void =>
  work.create(drillEventAt(drillId, eventId), {
    type: 'completed',
    at,
    recordedAt: now,
    recordedBy: actor.id,
    seenBy: null,
    note: null,
    supersedes: null,
    supersededBy: null,
  });
