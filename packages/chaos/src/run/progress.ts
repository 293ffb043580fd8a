import type { chaos } from '@muster/contract';

export type Phase = 'guards' | 'arm' | 'before' | 'method' | 'stop' | 'rollback' | 'after' | 'finish';

/** One step of a run. `begins` is told before it, and waited for; `ok` is null for what could not be told. */
export interface ProgressEvent {
  at: string;
  experiment: chaos.ExperimentName;
  experimentId: string | null;
  phase: Phase;
  state: 'begins' | 'ends';
  name: string;
  ok?: boolean | null;
  output?: unknown;
  message?: string;
}

export type Progress = (event: ProgressEvent) => void | Promise<void>;

export type Tell = (event: Omit<ProgressEvent, 'at' | 'experiment' | 'experimentId'>) => Promise<void>;
