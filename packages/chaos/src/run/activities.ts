/** Carries out one activity and says what came of it, in the words of the journal. */
import { within, type Activity, type Probe } from '../declaration';
import type { ExperimentFunction } from '../experiment';
import type { ActivityResult, SteadyState } from './journal';
import type { Phase, Tell } from './progress';
import { Halted, type Run } from './run-context';

export interface Performer {
  run: Run;
  functions: Readonly<Record<string, ExperimentFunction>>;
  tell: Tell;
}

/** Never throws but `Halted`; what was thrown otherwise is a failed activity. */
export const perform = async <Of extends Activity>(
  { run, functions, tell }: Performer,
  phase: Phase,
  activity: Of,
): Promise<ActivityResult<Of>> => {
  await tell({ phase, state: 'begins', name: activity.name });
  if (run.isOver()) throw new Halted('halted before this');
  await pause(run, activity.pauses?.before);
  const begun = run.now();
  const ended = (rest: Pick<ActivityResult, 'output' | 'status' | 'exception' | 'tolerance_met'>) => {
    const end = run.now();
    return { activity, ...rest, ...times(begun, end) };
  };
  const { func, arguments: given = {} } = activity.provider;
  let result: ActivityResult<Of>;
  try {
    const answered = functions[func];
    if (!answered) throw new Error(`nothing is bound to ${func}`);
    const output = await answered(given);
    result = ended({
      output: output ?? null,
      status: 'succeeded',
      ...(activity.type === 'probe' ? { tolerance_met: judged(activity, output) } : {}),
    });
  } catch (error) {
    if (error instanceof Halted) throw error;
    const exception = error instanceof Error ? error.message : String(error);
    result = ended({
      output: null,
      status: 'failed',
      exception,
      ...(activity.type === 'probe' ? { tolerance_met: false } : {}),
    });
  }
  await tell({
    ...{ phase, state: 'ends', name: activity.name, output: result.output },
    ok: result.status === 'failed' ? false : (result.tolerance_met ?? (activity.type === 'probe' ? null : true)),
    ...(result.exception === undefined ? {} : { message: result.exception }),
  });
  await pause(run, activity.pauses?.after);
  return result;
};

export const times = (begun: number, end: number) => ({
  start: new Date(begun).toISOString(),
  end: new Date(end).toISOString(),
  duration: (end - begun) / 1000,
});

/** A steady state is met when no probe is outside of its tolerance; the first that is ends the asking. */
export const steadyState = async (
  performer: Performer,
  phase: 'before' | 'after',
  asked: readonly Probe[],
): Promise<SteadyState> => {
  const probes: ActivityResult<Probe>[] = [];
  for (const probe of asked) {
    const result = await perform(performer, phase, probe);
    probes.push(result);
    if (result.tolerance_met === false) return { steady_state_met: false, probes };
  }
  return { steady_state_met: true, probes };
};

const pause = async (run: Run, seconds = 0): Promise<void> => {
  if (seconds > 0) await run.sleep(seconds * 1000);
};

const judged = ({ tolerance }: Probe, output: unknown): boolean | null => {
  if (typeof output !== 'object' || output === null) return within(tolerance, output);
  if ('applicable' in output && output.applicable === false) return null;
  return 'value' in output && within(tolerance, output.value);
};
