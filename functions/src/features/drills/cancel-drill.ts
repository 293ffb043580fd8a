import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { cancelDrill as cancel } from './drill';
import { statusEntry } from './drill-audit';
import { drillAt, toDrillView } from './drill-document';
import { unknownDrill } from './drill-errors';

/** `drills-cancel`. Reads policy, revocation, drill; writes drill and entry. */
export const cancelDrill = defineChange('drills-cancel', {
  guarded: 'muster.drills.cancel',
  cost: { reads: 3, writes: 2 },
  reads: ({ drillId }) => [drillAt(drillId)],
  async decide({ work, now }, { drillId, reason }) {
    const before = await work.read(drillAt(drillId));
    if (!before) throw unknownDrill();
    const drill = cancel(before, reason, now);
    work.write(drillAt(drillId), drill);
    return changed(
      { drill: toDrillView(drillId, drill) },
      statusEntry(drillId, drill, 'cancelled', { rationale: reason }),
    );
  },
});
