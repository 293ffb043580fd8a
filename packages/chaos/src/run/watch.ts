/** What goes on beside a run: telling the backend that its runner lives, stop conditions, and bystanders. */
import type { Experiment } from '../experiment';
import { perform, type Performer } from './activities';
import type { Halt } from './halt';
import { Halted, type Run } from './run-context';
import { askBystander } from '../scope-functions';

/** Something that goes on until it is ended; ending waits for what is on its way. */
export interface Ongoing {
  end(): Promise<void>;
}

export const HEARTBEAT_MS = 5000;
const STOP_CONDITIONS_MS = 1000;
const BYSTANDER_MS = 250;
/** A lease is 30 s; a runner that was not heard for this long rolls back before the schedule does. */
const UNHEARD_MS = 22_000;
const DEADLINE_MS = 8000;

const repeated = (run: Run, everyMs: number, once: () => Promise<void>): Ongoing => {
  const controller = new AbortController();
  const turning = (async () => {
    while (!controller.signal.aborted) {
      await once();
      await run.machine.sleep(everyMs, controller.signal);
    }
  })();
  return {
    async end() {
      controller.abort();
      await turning;
    },
  };
};

/** From arming to finishing, while it is rolled back too: an experiment that is not heard of is rolled back for it. */
export const keepAlive = (run: Run, halt: Halt): Ongoing => {
  const { target, experiment } = run;
  let heardAt = run.now();
  return repeated(run, HEARTBEAT_MS, async () => {
    const asked = { experimentId: experiment.id };
    const answered = await target.call('chaos-continue', asked, { deadlineMs: DEADLINE_MS });
    if (answered.done) {
      heardAt = run.now();
      if (answered.response.stop !== null) halt.stop(`the backend says stop: ${answered.response.stop}`);
    } else if (answered.code !== 'UNAVAILABLE' && answered.code !== 'CONTENTION') {
      halt.stop(`the backend does not let it go on: ${answered.message}`);
    } else if (run.now() - heardAt > UNHEARD_MS) {
      halt.stop('the backend was not heard for 22 s');
    }
  });
};

/** Operations outside of the scope, which the failure must not hurt. */
export const keepAsking = (run: Run): Ongoing =>
  repeated(run, BYSTANDER_MS, async () => {
    await askBystander(run);
  });

/** Halts at the first stop condition that trips, and at the time limit. */
export const keepStopConditions = (performer: Performer, { declaration }: Experiment, halt: Halt): Ongoing => {
  const { run } = performer;
  const [{ 'stop-conditions': conditions, 'time-limit-seconds': limit }] = declaration.extensions;
  const begunAt = run.now();
  const silent: Performer = { ...performer, tell: async () => {} };
  return repeated(run, STOP_CONDITIONS_MS, async () => {
    if (run.now() - begunAt > limit * 1000) return halt.stop(`it took longer than its limit of ${limit} s`);
    try {
      for (const condition of conditions) {
        const { tolerance_met } = await perform(silent, 'stop', condition);
        if (tolerance_met === false) return halt.stop(`stop condition: ${condition.name}`);
      }
    } catch (error) {
      // It was halted while a condition was asked for: nothing more to stop.
      if (!(error instanceof Halted)) throw error;
    }
  });
};
