import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { completeDrill as complete, type Completion } from './drill';
import { statusEntry } from './drill-audit';
import { drillAt, toDrillView } from './drill-document';
import { minutesToMs } from '../../timeline/figures';
import { unknownDrill } from './drill-errors';
import { stageMark } from './stage-mark';

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
    stageMark(context, drillId, { type: 'completed', eventId: ids('evt'), at: completion.endedAt });
    return changed({ drill: toDrillView(drillId, drill) }, statusEntry(drillId, drill, 'completed'));
  },
});
