/** Several experiments as one exercise. One that fails does not end it; that chaos is stopped does. */
import type { chaos } from '@muster/contract';
import { EXPERIMENTS } from '../all-experiments';
import { ratesOf, totalOf, type GameDay, type Played } from './gameday-figures';
import { ChaosRefused } from '../guards';
import type { JournalSink } from '../run/journal';
import type { Machine } from '../machine';
import type { Progress } from '../run/progress';
import { runExperiment } from '../run/run-experiment';
import type { Outcome } from '../run/run-options';
import { TargetRefusal, type Target } from '../target';

export interface GameDayOptions {
  target: Target;
  machine: Machine;
  project: string;
  experiments: readonly chaos.ExperimentName[];
  progress?: Progress;
  /** Where the journal of each is kept. */
  sinkFor?: (experiment: chaos.ExperimentName) => JournalSink;
  /** Given, the experiment that runs is rolled back, and no other begins. */
  signal?: AbortSignal;
  drillId?: string;
}

export interface GameDayOutcome {
  day: GameDay;
  outcomes: readonly Outcome[];
}

/** Throws what forbids the first experiment: nothing was done then. */
export const runGameDay = async (options: GameDayOptions): Promise<GameDayOutcome> => {
  const { machine, target, project, signal, drillId } = options;
  const begunAt = machine.now();
  const outcomes: Outcome[] = [];
  const experiments: Played[] = [];
  let endedBy: string | null = null;
  for (const name of options.experiments) {
    if (endedBy !== null) {
      experiments.push(notPlayed(name, 'skipped', endedBy));
      continue;
    }
    try {
      const sink = options.sinkFor?.(name);
      const outcome = await runExperiment({ ...options, experiment: EXPERIMENTS[name], ...(sink ? { sink } : {}) });
      outcomes.push(outcome);
      experiments.push(playedOf(name, outcome));
    } catch (error) {
      // Only who may not begin at all is told by an error; later it is a row of the report.
      if (experiments.length === 0 || !(error instanceof ChaosRefused || error instanceof TargetRefusal)) throw error;
      experiments.push(notPlayed(name, 'refused', error.message));
    }
    endedBy = signal?.aborted ? 'it was interrupted before' : await stoppedBy(target);
  }
  const status = await target.call('chaos-status', {});
  const day: GameDay = {
    ...{ version: 1, at: new Date(begunAt).toISOString(), project, drillId: drillId ?? null },
    environment: status.done ? status.response.environment : null,
    seconds: (machine.now() - begunAt) / 1000,
    passed: experiments.every((one) => one.status === 'passed'),
    experiments,
    total: totalOf(experiments),
  };
  return { day, outcomes };
};

const stoppedBy = async (target: Target): Promise<string | null> => {
  const status = await target.call('chaos-status', {});
  return status.done && status.response.stopped ? `chaos was stopped: ${status.response.stopped.reason}` : null;
};

const notPlayed = (experiment: chaos.ExperimentName, status: Played['status'], reason: string): Played => ({
  ...{ experiment, experimentId: null, status, reason, seconds: null, figures: null },
  ...ratesOf(null),
});

const playedOf = (experiment: chaos.ExperimentName, { journal, passed }: Outcome): Played => {
  const { status, deviated, duration, muster } = journal;
  const ended = status === 'completed' && deviated ? 'deviated' : status;
  // One whose steady state was not met before, or that nothing was measured of, has no figures.
  const figures = journal.run.length === 0 ? null : muster.figures;
  return {
    ...{ experiment, experimentId: muster.experimentId, reason: muster.reason, seconds: duration, figures },
    status: passed ? 'passed' : ended === 'completed' || ended === 'running' ? 'failed' : ended,
    ...ratesOf(figures),
  };
};
