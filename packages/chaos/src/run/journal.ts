/** What a run leaves: the journal of the Chaos Toolkit (https://chaostoolkit.org/reference/api/journal/), and figures. */
import type { chaos } from '@muster/contract';
import type { Activity, Declaration, Probe } from '../declaration';
import type { Moments } from '../measurements';

export const RUNNER_VERSION = 'muster-chaos 0.2.0';

export interface ActivityResult<Of extends Activity = Activity> {
  activity: Of;
  output: unknown;
  status: 'succeeded' | 'failed';
  start: string;
  end: string;
  /** Seconds. */
  duration: number;
  exception?: string;
  /** Of probes. Null for what cannot be told here: neither passed nor failed. */
  tolerance_met?: boolean | null;
}

export interface SteadyState {
  steady_state_met: boolean;
  probes: ActivityResult<Probe>[];
}

/**
 * `completed`: it ran to its end. `aborted`: a stop condition, the backend, or a steady state that was not met before.
 * `interrupted`: whoever watched it. `failed`: something that nobody foresaw. Each was rolled back.
 */
export type JournalStatus = 'running' | 'completed' | 'aborted' | 'interrupted' | 'failed';

export interface Journal {
  'chaoslib-version': string;
  platform: string;
  node: string;
  experiment: Declaration;
  start: string;
  end: string | null;
  /** Seconds. */
  duration: number | null;
  status: JournalStatus;
  deviated: boolean;
  steady_states: { before: SteadyState | null; after: SteadyState | null; during: [] };
  run: ActivityResult[];
  rollbacks: ActivityResult[];
  /** What the Chaos Toolkit has no word for. */
  muster: {
    experimentId: string;
    scope: string;
    drillId: string | null;
    reason: string | null;
    figures: chaos.ExperimentFigures;
    /** By the backend's clock. */
    moments: Partial<Record<keyof Moments, string>>;
  };
}

/** Where the journal is kept. It is given whole after every step, so that a crash leaves what there was. */
export interface JournalSink {
  write(text: string): Promise<void> | void;
}

export const journalText = (journal: Journal): string => `${JSON.stringify(journal, null, 2)}\n`;
