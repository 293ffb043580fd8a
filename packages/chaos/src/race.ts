/**
 * A race: workers write, a brake is set among them, and from its acknowledgment on nothing may commit. Judged twice,
 * and neither time by a clock of ours: by the database's own commit times, and by what was begun after the answer.
 */
import type { OperationName } from '@muster/contract';
import { action, atLeast, inBackground, probe, type Activity } from './declaration';
import type { Experiment } from './experiment';
import type { Run } from './run/run-context';
import { WARM_UP } from './scope-functions';
import { comparable, mustBeDone, type Answered } from './target';
import { newWriters, type Way } from './writers';

export interface Brake {
  /** What it is called with, once. The audit entry of the change is found again by the correlation id. */
  set: (correlationId: string) => Promise<Answered<unknown>>;
  ways: readonly Way[];
}

const WORKERS_FOR_EACH_WAY = 2;
/** While the brake is set: a write that was checked before it must be on its way, or nothing tells whether it is checked again. */
const CROWD_FOR_EACH_WAY = 8;
const ENOUGH = 4;
/** Long enough for bystanders to be asked, and for what is on its way to arrive. */
const SECONDS_AFTER = 2;
const PATIENCE_MS = 15_000;

/** The steps that every race has, for its declaration. */
export const raceMethod = (words: {
  writes: string;
  brake: string;
  refusal: string;
  operations: readonly OperationName[];
}): Activity[] => [
  WARM_UP([...words.operations, 'audit-query']),
  inBackground(words.writes, 'write_continuously', { workersForEachWay: WORKERS_FOR_EACH_WAY }),
  probe('each way of writing has written before', 'has_written', true, { times: ENOUGH }),
  action(words.brake, 'set_brake'),
  action('the writers go on for a while, then end', 'keep_writing', { times: ENOUGH, seconds: SECONDS_AFTER }),
  probe('writes that committed after the brake did, by the times of the database', 'committed_after_brake', 0),
  probe('writes that were begun after its acknowledgment and accepted', 'accepted_after_acknowledgment', 0),
  probe('writes that were begun after its acknowledgment', 'tried_after_acknowledgment', atLeast(ENOUGH)),
  probe(`refusals with another reason than ${words.refusal}`, 'refused_otherwise', 0),
];

export const raceFunctions = (run: Run, { set, ways }: Brake): ReturnType<Experiment['bind']> => {
  const { measured } = run;
  const writers = newWriters(run, ways);
  let acknowledgedAt = Infinity;
  let committedAt: string | undefined;
  const isAfter = ({ begunAt }: { begunAt: number }) => begunAt >= acknowledgedAt;

  /** The acknowledgment counts from the answer, not from when the crowd has gone. */
  const amongMany = async <Answer>(setting: () => Promise<Answer>): Promise<Answer> => {
    const before = writers.tried().length;
    const crowd = writers.crowd(CROWD_FOR_EACH_WAY);
    try {
      await run.becomes(() => writers.tried().length >= before + 3 * CROWD_FOR_EACH_WAY * ways.length, PATIENCE_MS);
      const answered = await setting();
      acknowledgedAt = run.now();
      return answered;
    } finally {
      await crowd.end();
    }
  };

  return {
    write_continuously: async ({ workersForEachWay }) => writers.write(Number(workersForEachWay)),
    async has_written({ times }) {
      const enough = await run.becomes(() => writers.each(Number(times), ({ done }) => done), PATIENCE_MS);
      const first = writers.tried().find(({ done }) => done);
      if (first) measured.moments.detected = first.endedAt;
      return enough;
    },
    async set_brake() {
      const correlationId = `${run.experiment.id}.brake`;
      measured.moments.acknowledged = run.now();
      const answered = await amongMany(() => set(correlationId));
      mustBeDone('the brake', answered);
      measured.brakeMs = answered.ms;
      measured.failure = { from: acknowledgedAt, to: null };
      measured.moments.contained = acknowledgedAt;
      committedAt = await commitTime(run, correlationId);
      return { brakeMs: answered.ms, committedAt };
    },
    async keep_writing({ times, seconds }) {
      try {
        await run.sleep(Number(seconds) * 1000);
        await run.becomes(() => writers.each(Number(times), isAfter), PATIENCE_MS);
      } finally {
        writers.stop();
      }
    },
    async committed_after_brake() {
      if (committedAt === undefined) throw new Error('the audit entry of the brake was not found');
      const bound = comparable(committedAt);
      const stored = await run.target.writesOf(run.experiment.id);
      const late = stored.filter(({ createTime }) => comparable(createTime) > bound);
      return { value: late.length, of: stored.length, committedAt, late: late.slice(0, 5).map(told) };
    },
    accepted_after_acknowledgment: async () =>
      writers.tried().filter((attempt) => isAfter(attempt) && attempt.done).length,
    tried_after_acknowledgment: async () => writers.tried().filter(isAfter).length,
    async refused_otherwise() {
      const due = ways.flatMap((way) =>
        writers
          .tried(way)
          .filter(isAfter)
          .map(({ reason }) => ({ reason, isRight: reason === way.refusal })),
      );
      measured.fallbacks.due += due.length;
      measured.fallbacks.activated += due.filter(({ isRight }) => isRight).length;
      const others = due.filter(({ isRight }) => !isRight).map(({ reason }) => reason);
      return { value: others.length, reasons: [...new Set(others)] };
    },
  };
};

const told = ({ name, createTime }: { name: string; createTime: string }) => ({
  key: name.slice(name.lastIndexOf('/') + 1),
  createTime,
});

/** The audit entry of a change commits with it (law 1), so its creation is when the change was committed. */
const commitTime = async (run: Run, correlationId: string): Promise<string | undefined> => {
  const { entries } = mustBeDone('audit-query', await run.target.call('audit-query', { correlationId, limit: 10 }));
  const entry = entries.find(({ outcome }) => outcome === 'success');
  return entry && (await run.target.timesOf(`muster_audit/${entry.id}`))?.createTime;
};
