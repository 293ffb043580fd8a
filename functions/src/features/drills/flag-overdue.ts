import { aboutDrill } from '@muster/core/audit/audit-draft';
import { changed, unchanged } from '../../platform/operations/change';
import type { Job } from '../../platform/operations/job';
import { collections } from '@muster/core/storage/paths';
import { flagOverdue as flag } from './drill';
import { drillDocument } from './drill-document';

/** Flagged in one go; the next page of the same run takes what is left. */
const PAGE = 50;

/**
 * `drills-flagOverdue`: scheduled drills past their due time, running ones past the longest duration. One query
 * on `overdueAt` finds both, and a flagged drill has none any more, so no run reads a drill twice.
 * Reads: the newly overdue drills, the empty page after them, the run's entry.
 */
export const flagOverdue: Job = {
  name: 'drills_flag_overdue',
  schedule: '*/15 * * * *',
  cost: { reads: 3, writes: 1, readsPerRow: 1, writesPerRow: 2 },
  async run({ now, changeEach }) {
    const query = {
      collection: collections.drills,
      schema: drillDocument,
      where: [{ field: 'overdueAt', is: '<=' as const, value: now }],
      orderBy: [{ field: 'overdueAt', direction: 'asc' as const }],
      limit: PAGE,
    };
    const {
      found,
      changed: flagged,
      malformed,
    } = await changeEach(query, async (work, address, drill, id) => {
      if (drill.overdueAt === null || drill.overdueAt > now) return unchanged(false);
      work.write(address, flag(drill));
      return changed(true, {
        action: 'drills.overdue_flagged',
        ...aboutDrill(id),
        severity: drill.severity,
        metadata: {
          scenarioId: drill.scenarioId,
          state: drill.status,
          overdueSince: drill.overdueAt.toISOString(),
        },
      });
    });
    return { found, flagged, malformed };
  },
};
