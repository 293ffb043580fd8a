/** What was seen while an experiment ran, and the figures that follow from it. Times are of the runner's clock. */
import type { chaos } from '@muster/contract';

/** One operation that was tried. `way` is how: a guarded operation, rules, or whatever the experiment tells apart. */
export interface Attempt {
  way: string;
  begunAt: number;
  endedAt: number;
  done: boolean;
  /** Why not; null when done. */
  reason: string | null;
}

/** When what a drill records happened; undefined for what did not, or was not seen. */
export interface Moments {
  detected?: number;
  acknowledged?: number;
  contained?: number;
  resolved?: number;
}

export interface Measurements {
  attempts: Attempt[];
  /** Operations outside of the scope, tried all the time. */
  bystanders: Attempt[];
  /** While this is on, operations are counted: from the brake, or the fault, to its end. */
  failure: { from: number; to: number | null } | null;
  /** Where a brake or a fallback was due, and how often it acted. */
  fallbacks: { due: number; activated: number };
  recoveryMs: number | null;
  brakeMs: number | null;
  moments: Moments;
  /** Why the runner could not end what it began; the backend does, with the experiment. Null when it could. */
  leftToBackend: string | null;
}

export const newMeasurements = (): Measurements => ({
  attempts: [],
  bystanders: [],
  failure: null,
  fallbacks: { due: 0, activated: 0 },
  recoveryMs: null,
  brakeMs: null,
  moments: {},
  leftToBackend: null,
});

/** Those begun while the failure was on. One that began before had not to be stopped, nor to be spared. */
export const duringFailure = (attempts: readonly Attempt[], { failure }: Measurements): Attempt[] =>
  failure === null
    ? []
    : attempts.filter(({ begunAt }) => begunAt >= failure.from && begunAt < (failure.to ?? Infinity));

export const figuresOf = (measured: Measurements): chaos.ExperimentFigures => {
  const bystanders = duringFailure(measured.bystanders, measured);
  const operations = [...bystanders, ...duringFailure(measured.attempts, measured)];
  return {
    bystanders: counted(bystanders),
    operations: counted(operations),
    fallbacks: { ...measured.fallbacks },
    recoveryMs: whole(measured.recoveryMs),
    brakeMs: whole(measured.brakeMs),
  };
};

const counted = (attempts: readonly Attempt[]) => ({
  tried: attempts.length,
  failed: attempts.filter(({ done }) => !done).length,
});

const whole = (ms: number | null): number | null => (ms === null ? null : Math.max(0, Math.round(ms)));

/** How many of these were done; null while too few were tried to say. */
export const availabilityOf = (attempts: readonly Attempt[], fewest: number): number | null =>
  attempts.length < fewest ? null : attempts.filter(({ done }) => done).length / attempts.length;
