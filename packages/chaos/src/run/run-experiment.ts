/** Runs one experiment: guards, arming, steady state, method, rollback whatever happened, steady state, journal. */
import { arm, clockOffset } from './backend-record';
import { passGuards } from '../guards';
import { newHalt } from './halt';
import { newMeasurements } from '../measurements';
import { play } from './play';
import type { Tell } from './progress';
import { runContext } from './run-context';
import type { Outcome, RunOptions } from './run-options';
import { keepAlive } from './watch';

/** Throws only before anything was done: `ChaosRefused` by a guard, `TargetRefusal` when it may not be armed. */
export const runExperiment = async (options: RunOptions): Promise<Outcome> => {
  const { experiment, target, machine, progress = () => {} } = options;
  let experimentId: string | null = null;
  const tell: Tell = async (event) =>
    progress({ at: new Date(machine.now()).toISOString(), experiment: experiment.name, experimentId, ...event });

  await tell({ phase: 'guards', state: 'begins', name: 'guards' });
  await passGuards(options, experiment.name);
  await tell({ phase: 'arm', state: 'begins', name: 'chaos-arm' });
  const armed = await arm(options, experiment, options.drillId);
  experimentId = armed.id;

  const halt = newHalt(options.signal);
  const run = runContext({
    ...{ target, machine, experiment: armed, measured: newMeasurements(), signal: halt.signal },
    clockOffsetMs: clockOffset(armed, machine.now()),
  });
  const alive = keepAlive(run, halt);
  try {
    return await play({ options, run, halt, tell });
  } finally {
    await alive.end();
  }
};
