import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { experimentAt, toExperimentView } from './experiment-document';
import { ownExperiment } from './chaos-errors';
import { rolledBack, UNDO_READS, undoExperiment } from './undo-experiment';

/**
 * `chaos-finish`, for who armed it. Never forbidden: it only takes away, in production and while chaos is stopped too.
 * What is still there of an experiment that has ended is undone all the same; its result stays as it is.
 */
export const finishExperiment = defineChange('chaos-finish', {
  guarded: false,
  cost: { reads: 2 + UNDO_READS, writes: 3, readsPerRow: 1, writesPerRow: 2 },
  reads: ({ experimentId }) => [experimentAt(experimentId)],
  async decide({ work, now, identity }, { experimentId: id, status, reason, figures, journalDigest }) {
    const before = ownExperiment(await work.read(experimentAt(id)), identity.uid);
    const isFirst = before.status === 'armed';
    const found = await undoExperiment(
      work,
      { id, before, by: identity.uid, at: now },
      { status, reason: reason ?? null, figures: figures ?? null, journalDigest: journalDigest ?? null },
    );
    const { after, undone } = found;
    if (found.settled) {
      return unchanged({ changed: false, undone, experiment: toExperimentView(id, before) });
    }
    work.write(experimentAt(id), after);
    const entry = rolledBack(id, found);
    return changed(
      { changed: isFirst, undone, experiment: toExperimentView(id, after) },
      isFirst ? { ...entry, action: 'chaos.finished', metadata: { ...entry.metadata, figures, journalDigest } } : entry,
    );
  },
});
