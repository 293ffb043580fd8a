import { changed, unchanged } from '../../platform/operations/change';
import type { Job } from '../../platform/operations/job';
import { collections } from '@muster/core/storage/paths';
import { experimentAt, experimentDocument } from './experiment-document';
import { rolledBack, UNDO_READS, undoExperiment } from './undo-experiment';

/** More than can be due at once, unless many were left undone for long; a run goes on until there are no more. */
const PAGE = 20;

/**
 * `chaos_rollback`: undoes each experiment whose runner was not heard of, looks again at those that were lost or halted,
 * and goes on where something could not be undone. In production too.
 */
export const rollBackLost: Job = {
  name: 'chaos_rollback',
  schedule: '* * * * *',
  quiet: true,
  cost: { reads: 2, writes: 1, readsPerRow: UNDO_READS + 2, writesPerRow: 4 },
  async run({ now, changeEach }) {
    const query = {
      collection: collections.experiments,
      schema: experimentDocument,
      where: [{ field: 'undoAt', is: '<=' as const, value: now }],
      orderBy: [{ field: 'undoAt', direction: 'asc' as const }],
      limit: PAGE,
    };
    /** Of which something is left: the policy cannot be read, or there is more than fits into one commit. */
    const stuck = new Set<string>();
    const tally = await changeEach(query, async (work, address, before) => {
      if (before.undoAt === null || before.undoAt > now) return unchanged(false);
      const id = address.path.slice(address.path.lastIndexOf('/') + 1);
      const reason = `Its runner was not heard of since ${before.leaseUntil.toISOString()}.`;
      const found = await undoExperiment(work, { id, before, by: 'muster', at: now }, { status: 'lost', reason });
      if (found.complete) stuck.delete(id);
      else stuck.add(id);
      if (found.settled && !found.complete) return unchanged(false);
      work.write(experimentAt(id), found.after);
      return changed(true, rolledBack(id, found));
    });
    return { found: tally.found, rolledBack: tally.changed, malformed: tally.malformed + stuck.size };
  },
};
