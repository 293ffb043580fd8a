import type { chaos } from '@muster/contract';
import type { Experiment } from '../experiment';
import type { Journal, JournalSink } from './journal';
import type { Machine } from '../machine';
import type { Progress } from './progress';
import type { Target } from '../target';

export interface RunOptions {
  experiment: Experiment;
  target: Target;
  machine: Machine;
  /** Told before and after each step, and waited for. */
  progress?: Progress;
  sink?: JournalSink;
  /** Given, the run ends, and everything is rolled back first. */
  signal?: AbortSignal;
  /** The running drill that it is part of. */
  drillId?: string;
}

export interface Outcome {
  journal: Journal;
  /** As the backend keeps it. */
  experiment: chaos.ExperimentView;
  /** What was still there when everything that the runner undoes was undone. */
  undone: readonly string[];
  /** Why the backend could not be told of the end; its schedule undoes what is left, once the lease has run out. */
  notFinished: string | null;
  /** It ran to its end, every brake held, the steady state returned, and nothing is left. */
  passed: boolean;
}
