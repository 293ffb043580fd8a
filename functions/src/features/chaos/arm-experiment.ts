import type { DocumentAddress } from '@muster/core/storage/documents';
import { logicalName, paths } from '@muster/core/storage/paths';
import { LEASE_MS } from '@muster/contract/chaos';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { drillOf, isRunning } from '../drills/for-others/drill-reader';
import { chaosAsStored, chaosAt, refuseForbiddenNow } from './chaos-document';
import {
  armedExperiments,
  experimentAt,
  experimentDocument,
  MOST_ARMED,
  toExperimentView,
  type Experiment,
} from './experiment-document';
import { noRunningDrill, tooManyArmed } from './chaos-errors';

/** What names everything that the experiment touches: the end of its id, 50 random bits. */
const SCOPE_LENGTH = 10;

/**
 * `chaos-arm`. Never in production, never while chaos is stopped. Reads revocation, stop, the drill and those that are
 * armed; writes the experiment, its name into the stop's document, and the entry.
 */
export const armExperiment = defineChange('chaos-arm', {
  guarded: false,
  cost: { reads: 3 + MOST_ARMED, writes: 3 },
  reads: ({ drillId }): DocumentAddress<unknown>[] => [
    chaosAsStored(),
    ...(drillId === undefined ? [] : [drillOf(drillId)]),
  ],
  async decide({ work, now, ids, identity, environment }, { experiment, connectors, drillId }) {
    refuseForbiddenNow(environment, await work.read(chaosAsStored()));
    if (drillId !== undefined && !isRunning(await work.read(drillOf(drillId)))) throw noRunningDrill();
    if ((await work.find(armedExperiments(experimentDocument))).length >= MOST_ARMED) throw tooManyArmed(MOST_ARMED);

    const id = ids('exp');
    const leaseUntil = new Date(now.getTime() + LEASE_MS);
    const armed: Experiment = {
      exercise: true,
      experiment,
      scope: id.slice(-SCOPE_LENGTH),
      status: 'armed',
      by: identity.uid,
      armedAt: now,
      leaseUntil,
      undoAt: leaseUntil,
      endedAt: null,
      reason: null,
      drillId: drillId ?? null,
      connectors,
      figures: null,
      journalDigest: null,
    };
    work.create(experimentAt(id), armed);
    work.write(chaosAt(), { stopped: null, lastArmed: id });
    return changed(
      { experiment: toExperimentView(id, armed) },
      {
        action: 'chaos.armed',
        target: logicalName(paths.experiment(id)),
        exercise: true,
        drillId,
        metadata: { experiment, scope: armed.scope, connectors, drillId },
      },
    );
  },
  // The earlier answer would let a runner begin.
  async again({ work, environment }) {
    refuseForbiddenNow(environment, await work.read(chaosAsStored()));
  },
});
