/** What must be so before anything is done. Each guard is enough to refuse, and says what to do. */
import type { chaos, RequestOf, ResponseOf } from '@muster/contract';
import type { Machine } from './machine';
import { mustBeDone, type Target } from './target';

export type ChaosRefusalReason = RequestOf<'chaos-refused'>['reason'];

/** The runner itself refuses; nothing was done. */
export class ChaosRefused extends Error {
  readonly reason: ChaosRefusalReason;
  readonly next: string;
  /** Whether the attempt stands in the audit now, or why not. */
  readonly recorded: true | string;

  constructor({ reason, message, next }: Refusal, recorded: true | string) {
    super(message);
    this.name = 'ChaosRefused';
    this.reason = reason;
    this.next = next;
    this.recorded = recorded;
  }
}

interface Refusal {
  reason: ChaosRefusalReason;
  message: string;
  next: string;
}

const REPORT_DEADLINE_MS = 5000;

/** Refuses where an experiment must not run, and reports that it was tried. */
export const passGuards = async (
  { target, machine }: { target: Target; machine: Machine },
  experiment: chaos.ExperimentName,
): Promise<void> => {
  const refuse = async (refusal: Refusal): Promise<never> => {
    const asked = { experiment, reason: refusal.reason };
    const told = await target
      .call('chaos-refused', asked, { deadlineMs: REPORT_DEADLINE_MS })
      .catch((error: unknown) => ({ done: false as const, message: String(error) }));
    throw new ChaosRefused(refusal, told.done || told.message);
  };
  const local = refusalHere(machine.env);
  if (local) return refuse(local);

  const status = await target.call('chaos-status', {});
  // Without the role to ask, arming is refused too, and the backend keeps a record of that.
  if (!status.done && status.code === 'PERMISSION_DENIED') return undefined;
  const there = refusalThere(mustBeDone('chaos-status', status));
  return there ? refuse(there) : undefined;
};

const refusalHere = (env: Machine['env']): Refusal | undefined => {
  if (env['CHAOS_MODE'] !== 'true') {
    return {
      reason: 'CHAOS_MODE_NOT_SET',
      message: 'CHAOS_MODE is not "true" here, so no experiment is run.',
      next: 'Make sure that this is not production, then set CHAOS_MODE=true for this one command.',
    };
  }
  return env['NODE_ENV'] === 'production'
    ? {
        reason: 'NODE_ENV_IS_PRODUCTION',
        message: 'NODE_ENV is "production" here, so no experiment is run.',
        next: 'Run it from a machine that is not part of production.',
      }
    : undefined;
};

const refusalThere = ({ environment, stopped }: ResponseOf<'chaos-status'>): Refusal | undefined => {
  if (environment === 'production') {
    return {
      reason: 'ENVIRONMENT_IS_PRODUCTION',
      message: 'The backend says that it is production, where no experiment is run.',
      next: 'Choose a staging project. One that is staging says so with MUSTER_ENVIRONMENT=staging in functions/.env.PROJECT.',
    };
  }
  return stopped
    ? {
        reason: 'CHAOS_STOPPED',
        message: `Experiments were stopped by ${stopped.by} at ${stopped.at}: ${stopped.reason}`,
        next: 'Go on with tabletops. When the reason is gone, a staff member lifts it: chaos-lift.',
      }
    : undefined;
};
