/** Workers that write without a pause, each the next when the last was answered: the automation that must be stopped. */
import { setMaxListeners } from 'node:events';
import type { Attempt } from './measurements';
import type { Run } from './run/run-context';
import type { Answered } from './target';

/** One way to write; `key` is the write's own name. */
export interface Way {
  name: string;
  write: (key: string) => Promise<Answered<unknown>>;
  /** What a write must be refused with, once it is stopped. */
  refusal: string;
}

export interface Writers {
  /** Until `stop`, or the end of the run; gives how many writes each way had. */
  write(workersForEachWay: number): Promise<Record<string, { tried: number; done: number }>>;
  /** Until `end`: many more, so that at any time some have been decided on and are not committed yet. */
  crowd(workersForEachWay: number): { end(): Promise<void> };
  stop(): void;
  /** Attempts of one way, or of all. */
  tried(way?: Way): Attempt[];
  /** Whether each way has so many that pass. */
  each(count: number, counts: (attempt: Attempt) => boolean): boolean;
}

/** No faster than this, so that what is tried is the brake and not how much the database bears. */
const PAUSE_MS = 15;
const MOST_OF_ONE_WORKER = 1500;

/** As many workers as there are wait for it, which Node would warn of at the eleventh. */
const newEnd = (): AbortController => {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  return end;
};

export const newWriters = (run: Run, ways: readonly Way[]): Writers => {
  const stopped = newEnd();
  const isOver = () => stopped.signal.aborted || run.isOver();
  const own: Attempt[] = [];

  const work = async ({ name, write }: Way, until: AbortSignal, pauseMs: number): Promise<void> => {
    for (let count = 0; count < MOST_OF_ONE_WORKER && !until.aborted && !isOver(); count += 1) {
      own.push(await run.attempt(name, () => write(run.unique(name))));
      await run.machine.sleep(pauseMs, until);
    }
  };
  const begin = (workersForEachWay: number, until: AbortSignal, pauseMs: (index: number) => number) =>
    Promise.all(
      ways.flatMap((way) => Array.from({ length: workersForEachWay }, (_, index) => work(way, until, pauseMs(index)))),
    );
  const tried = (way?: Way) => (way === undefined ? own : own.filter((attempt) => attempt.way === way.name));
  return {
    async write(workersForEachWay) {
      await begin(workersForEachWay, stopped.signal, () => PAUSE_MS);
      return Object.fromEntries(
        ways.map((way) => [way.name, { tried: tried(way).length, done: tried(way).filter(({ done }) => done).length }]),
      );
    },
    crowd(workersForEachWay) {
      const ended = newEnd();
      // Each with another pause: in step with each other, all of them would be checked and committed at the same times.
      const working = begin(workersForEachWay, ended.signal, (index) => index);
      return {
        async end() {
          ended.abort();
          await working;
        },
      };
    },
    stop: () => stopped.abort(),
    tried,
    each: (count, counts) => ways.every((way) => tried(way).filter(counts).length >= count),
  };
};
