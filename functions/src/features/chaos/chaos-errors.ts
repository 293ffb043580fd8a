import { MusterError } from '@muster/core/errors';
import type { Experiment } from './experiment-document';

export const unknownExperiment = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no experiment with this id.', {
    reason: 'UNKNOWN_EXPERIMENT',
    fields: [{ field: 'experimentId', problem: 'no experiment has this id' }],
    next: 'List the experiments (chaos-list) and copy the id.',
  });

const notYours = (): MusterError =>
  new MusterError('PERMISSION_DENIED', 'Somebody else armed this experiment. Nothing was changed.', {
    reason: 'NOT_YOURS',
    next: 'Leave it to who armed it, or halt all of them (chaos-stop).',
  });

/** The experiment, for who armed it; refuses everybody else. */
export const ownExperiment = (found: Experiment | undefined, uid: string): Experiment => {
  if (!found) throw unknownExperiment();
  if (found.by !== uid) throw notYours();
  return found;
};

/** For a write: an experiment that has ended, or whose lease ran out, touches nothing any more. */
export const notArmed = ({ status, leaseUntil }: Experiment): MusterError =>
  new MusterError(
    'CONFLICT',
    status === 'armed'
      ? `The experiment was not heard of until ${leaseUntil.toISOString()}, and is rolled back. Nothing was changed.`
      : `The experiment has ended (${status}). Nothing was changed.`,
    { reason: 'WRONG_STATE', state: status, next: 'Arm another one (chaos-arm).' },
  );

export const tooManyArmed = (most: number): MusterError =>
  new MusterError('CONFLICT', `${most} experiments are armed. Nothing was changed.`, {
    reason: 'TOO_MANY',
    next: 'Wait for one to end (chaos-status), or halt all of them (chaos-stop).',
  });

export const noRunningDrill = (): MusterError =>
  new MusterError('CONFLICT', 'An experiment can be part of a drill only while that runs. Nothing was changed.', {
    reason: 'WRONG_STATE',
    fields: [{ field: 'drillId', problem: 'no running drill has this id' }],
    next: 'Start the drill first (drills-start), or leave drillId out.',
  });

export const alreadyWritten = (key: string): MusterError =>
  new MusterError('CONFLICT', `"${key}" was written in this experiment already. Nothing was changed.`, {
    reason: 'ALREADY_RECORDED',
    next: 'Choose another key: each is written once.',
  });
