/** What the functions of an experiment have to work with while it runs. */
import { chaos } from '@muster/contract';
import type { Machine } from '../machine';
import type { Attempt, Measurements } from '../measurements';
import type { Answered, Target } from '../target';

/** Thrown where a run goes on no longer: a stop condition, the backend, a time limit, or whoever watches. */
export class Halted extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Halted';
  }
}

/** What a probe answers that cannot be told here; it counts neither as passed nor as failed. */
export interface NotApplicable {
  applicable: false;
  why: string;
}

export const notApplicable = (why: string): NotApplicable => ({ applicable: false, why });

export interface Run {
  target: Target;
  machine: Machine;
  experiment: chaos.ExperimentView;
  names: Names;
  measured: Measurements;
  now: () => number;
  /** A time of the backend's clock, so many milliseconds from now. */
  backendTime: (fromNowMs: number) => string;
  /** Throws `Halted` when the run is over, before or while it waits. */
  sleep: (ms: number) => Promise<void>;
  /** Waits until it is true, and says whether it became so in time. */
  becomes(isTrue: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean>;
  isOver: () => boolean;
  /** Makes the name of a write, of a request or of a correlation, used once. */
  unique: (what: string) => string;
  /** Tries an operation and keeps what came of it. */
  attempt<Response>(way: string, operation: () => Promise<Answered<Response>>): Promise<Attempt>;
}

/** The names of everything that an experiment may touch. */
export interface Names {
  scope: string;
  /** `chaos.<scope>.write`, which its writes need. */
  capability: string;
  /** `chaos.<scope>`, which it kills. */
  killed: string;
  subject: string;
}

export const namesIn = (scope: string): Names => ({
  scope,
  capability: chaos.capabilityIn(scope),
  killed: chaos.killedIn(scope),
  subject: chaos.subjectIn(scope),
});

interface Parts {
  target: Target;
  machine: Machine;
  experiment: chaos.ExperimentView;
  measured: Measurements;
  /** The backend's clock less the runner's. */
  clockOffsetMs: number;
  /** Asked each time: while it is rolled back, nothing halts a run. */
  signal: () => AbortSignal;
}

const LOOK_AGAIN_MS = 25;

export const runContext = ({ target, machine, experiment, measured, clockOffsetMs, signal }: Parts): Run => {
  let count = 0;
  const goOn = (): void => {
    if (signal().aborted) throw new Halted(String(signal().reason));
  };
  const run: Run = {
    target,
    machine,
    experiment,
    names: namesIn(experiment.scope),
    measured,
    now: machine.now,
    backendTime: (fromNowMs) => new Date(machine.now() + clockOffsetMs + fromNowMs).toISOString(),
    async sleep(ms) {
      goOn();
      await machine.sleep(ms, signal());
      goOn();
    },
    async becomes(isTrue, limitMs) {
      const until = machine.now() + limitMs;
      for (;;) {
        if (await isTrue()) return true;
        if (machine.now() >= until) return false;
        await run.sleep(LOOK_AGAIN_MS);
      }
    },
    isOver: () => signal().aborted,
    unique(what) {
      count += 1;
      return `${what}-${count}-${experiment.scope}`;
    },
    async attempt(way, operation) {
      const begunAt = machine.now();
      const answered = await operation();
      const attempt = {
        ...{ way, begunAt, endedAt: machine.now() },
        ...{ done: answered.done, reason: answered.done ? null : answered.reason },
      };
      measured.attempts.push(attempt);
      return attempt;
    },
  };
  return run;
};
