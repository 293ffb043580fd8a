import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { chaosAsStored, chaosAt, standingStop } from './chaos-document';

/** `chaos-lift`. Reads revocation and stop; writes the stop, a good one in place of one that cannot be read, and its entry. */
export const liftChaos = defineChange('chaos-lift', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [chaosAsStored()],
  async decide({ work }, { reason }) {
    const stopped = standingStop(await work.read(chaosAsStored()));
    if (!stopped) return unchanged({ changed: false });
    work.write(chaosAt(), { stopped: null, lastArmed: null });
    return changed(
      { changed: true },
      {
        action: 'chaos.lifted',
        target: logicalName(paths.chaos()),
        rationale: reason,
        metadata: { stoppedBy: stopped.by, stoppedAt: stopped.at.toISOString(), stoppedFor: stopped.reason },
      },
    );
  },
});
