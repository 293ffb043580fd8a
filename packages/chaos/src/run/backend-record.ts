/** The two calls that frame a run. Both are asked again when no answer came: the same id is done once. */
import { createHash } from 'node:crypto';
import type { chaos, RequestOf, ResponseOf } from '@muster/contract';
import type { Experiment } from '../experiment';
import { journalText, type Journal } from './journal';
import type { Machine } from '../machine';
import { mustBeDone, type Answered, type Target } from '../target';

const PAUSES_MS = [500, 2000];
const NEVER = new AbortController().signal;

const again = async <Response>(
  { sleep }: Machine,
  ask: () => Promise<Answered<Response>>,
): Promise<Answered<Response>> => {
  let answered = await ask();
  for (const pause of PAUSES_MS) {
    if (answered.done || (answered.code !== 'UNAVAILABLE' && answered.code !== 'CONTENTION')) return answered;
    await sleep(pause, NEVER);
    answered = await ask();
  }
  return answered;
};

export const arm = async (
  { target, machine }: { target: Target; machine: Machine },
  { name, declaration }: Experiment,
  drillId: string | undefined,
): Promise<chaos.ExperimentView> => {
  const [{ connectors }] = declaration.extensions;
  const requestId = `chaos-arm-${machine.newId()}`;
  const asked = { experiment: name, connectors, requestId, ...(drillId === undefined ? {} : { drillId }) };
  const answered = await again(machine, () => target.call('chaos-arm', asked));
  return mustBeDone('chaos-arm', answered).experiment;
};

/** What the backend is told of a run that is over. */
export type Ended = Pick<RequestOf<'chaos-finish'>, 'status' | 'reason'>;

export const finish = async (
  { target, machine }: { target: Target; machine: Machine },
  journal: Journal,
  ended: Ended,
): Promise<Answered<ResponseOf<'chaos-finish'>>> => {
  const { experimentId, figures } = journal.muster;
  const journalDigest = createHash('sha256').update(journalText(journal)).digest('hex');
  const requestId = `chaos-finish-${machine.newId()}`;
  return again(machine, () =>
    target.call('chaos-finish', { experimentId, ...ended, figures, journalDigest, requestId }),
  );
};

/** A difference that the way there and back explains is none. */
const SAME_CLOCK_MS = 2000;

/** The backend's clock less the runner's, from the answer that just came. */
export const clockOffset = ({ armedAt }: chaos.ExperimentView, now: number): number => {
  const offset = Date.parse(armedAt) - now;
  return Math.abs(offset) < SAME_CLOCK_MS ? 0 : offset;
};
