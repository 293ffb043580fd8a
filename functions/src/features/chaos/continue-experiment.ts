import { logicalName, paths } from '@muster/core/storage/paths';
import { LEASE_MS, LONGEST_MS } from '@muster/contract/chaos';
import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { chaosAsStored, inProduction, standingStop, type Stop } from './chaos-document';
import { experimentAt, type Experiment } from './experiment-document';
import { ownExperiment } from './chaos-errors';

/** Its runner calls every few seconds; the lease is extended, which is a change with an entry, when half of it is gone. */
const EXTEND_BELOW_MS = LEASE_MS / 2;

/** `chaos-continue`, for who armed it. Reads revocation, stop and experiment; writes the experiment and its entry. */
export const continueExperiment = defineChange('chaos-continue', {
  guarded: false,
  cost: { reads: 3, writes: 2 },
  reads: ({ experimentId }) => [chaosAsStored(), experimentAt(experimentId)],
  async decide({ work, clock, identity, environment }, { experimentId }) {
    if (environment === 'production') throw inProduction();
    const before = ownExperiment(await work.read(experimentAt(experimentId)), identity.uid);
    const now = clock();
    const stop = reasonToStop(before, standingStop(await work.read(chaosAsStored())), now);
    const leaseUntil = stop === null ? extendedLease(before, now) : before.leaseUntil;
    const answer = { stop, leaseUntil: leaseUntil.toISOString() };
    if (leaseUntil.getTime() === before.leaseUntil.getTime()) return unchanged(answer);
    work.write(experimentAt(experimentId), { ...before, leaseUntil, undoAt: leaseUntil });
    return changed(answer, {
      action: 'chaos.continued',
      target: logicalName(paths.experiment(experimentId)),
      exercise: true,
      drillId: before.drillId ?? undefined,
      metadata: { leaseUntil: answer.leaseUntil },
    });
  },
});

const reasonToStop = (before: Experiment, stopped: Stop | null, now: Date): string | null => {
  if (before.status !== 'armed') return `It has ended: ${before.status}${before.reason ? ` (${before.reason})` : ''}.`;
  if (stopped) return `Chaos was stopped by ${stopped.by}: ${stopped.reason}.`;
  if (now.getTime() - before.armedAt.getTime() >= LONGEST_MS) {
    return `It has been armed for ${LONGEST_MS / 60_000} minutes, and none may be longer.`;
  }
  return before.leaseUntil <= now ? 'It was not heard of for too long, and is rolled back.' : null;
};

const extendedLease = ({ armedAt, leaseUntil }: Experiment, now: Date): Date => {
  if (leaseUntil.getTime() - now.getTime() >= EXTEND_BELOW_MS) return leaseUntil;
  return new Date(Math.min(now.getTime() + LEASE_MS, armedAt.getTime() + LONGEST_MS));
};
