import * as z from 'zod';
import type { DeploymentEnvironment } from '@muster/contract/chaos';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';

const stop = z.strictObject({ by: z.string(), at: z.date(), reason: z.string() });
export type Stop = z.infer<typeof stop>;

/**
 * `muster_chaos/current`: whether chaos is stopped. Every arming rests on it and writes itself into it, so that no arming
 * outruns a stop, and armings come one after another. None means that nothing was armed or stopped yet.
 */
const chaosDocument = z.strictObject({ stopped: stop.nullable(), lastArmed: z.string().nullable().default(null) });
export type ChaosDocument = z.infer<typeof chaosDocument>;

export const chaosAt = () => documentAt(paths.chaos(), chaosDocument);

/** For who must refuse, not fail, when it is not what it should be. */
export const chaosAsStored = () => documentAt<unknown>(paths.chaos(), z.unknown());

/** Unknown means no (law 3); no answer tells an earlier time. */
const UNREADABLE: Stop = {
  by: 'muster',
  at: new Date('2000-01-01T00:00:00Z'),
  reason: 'chaos/current cannot be read, and unknown means no',
};

/** What stops chaos now, if anything does. */
export const standingStop = (stored: unknown): Stop | null =>
  stored === undefined ? null : (readableChaos(stored) ?? { stopped: UNREADABLE }).stopped;

export const readableChaos = (stored: unknown): ChaosDocument | undefined => chaosDocument.safeParse(stored).data;

/** Why nothing may be armed or written for an experiment now; null when it may. */
export const forbiddenNow = (environment: DeploymentEnvironment, stopped: Stop | null): MusterError | null => {
  if (environment === 'production') return inProduction();
  return stopped && chaosStopped(stopped);
};

/** Refuses by itself, whatever the runner has checked (law 8). */
export const refuseForbiddenNow = (environment: DeploymentEnvironment, stored: unknown): void => {
  const refusal = forbiddenNow(environment, standingStop(stored));
  if (refusal) throw refusal;
};

/** A state of the project and no lack of a role: nobody can be granted this. */
export const inProduction = (): MusterError =>
  new MusterError('CONFLICT', 'This project is production: no experiment runs here. Nothing was changed.', {
    reason: 'ENVIRONMENT_IS_PRODUCTION',
    state: 'production',
    next: 'Run it on a project whose MUSTER_ENVIRONMENT is staging or development; here, hold a tabletop (drills-start).',
  });

const chaosStopped = ({ by, at, reason }: Stop): MusterError =>
  new MusterError(
    'CONFLICT',
    `Chaos was stopped by ${by} at ${at.toISOString()} (${reason}): tabletops only. Nothing was changed.`,
    {
      reason: 'CHAOS_STOPPED',
      state: 'stopped',
      next: 'Hold a tabletop (drills-start), or lift the stop when its reason is gone (chaos-lift).',
    },
  );
