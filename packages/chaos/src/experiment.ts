import type { chaos } from '@muster/contract';
import type { Declaration, Json } from './declaration';
import type { Run } from './run/run-context';

/** What a provider's `func` does. A probe's answer, or its `value`, is held against the tolerance. */
export type ExperimentFunction = (given: Readonly<Record<string, Json>>) => Promise<unknown>;

/** An experiment: what is declared of it, and what its functions do in one run. */
export interface Experiment {
  name: chaos.ExperimentName;
  declaration: Declaration;
  bind: (run: Run) => Readonly<Record<string, ExperimentFunction>>;
}
