/** A run from its arming to its end. Whatever happens on the way, it is rolled back and the backend is told. */
import { perform, steadyState, times, type Performer } from './activities';
import { finish, type Ended } from './backend-record';
import type { Halt } from './halt';
import { journalText, RUNNER_VERSION, type ActivityResult, type Journal, type JournalStatus } from './journal';
import { figuresOf } from '../measurements';
import { carryOut } from './method';
import type { Tell } from './progress';
import type { Outcome, RunOptions } from './run-options';
import { Halted, type Run } from './run-context';
import { keepAsking, keepStopConditions } from './watch';

interface Armed {
  options: RunOptions;
  run: Run;
  halt: Halt;
  tell: Tell;
}

/** What the parts of a run share. */
interface Playing extends Armed {
  performer: Performer;
  journal: Journal;
  /** Writes the journal as it stands. */
  keep: () => Promise<void>;
}

export const play = async (armed: Armed): Promise<Outcome> => {
  const playing = playingOf(armed);
  const { run, journal, halt } = playing;
  const bystanders = keepAsking(run);
  await unlessItFails(playing, () => tellArmed(playing));
  await unlessItFails(playing, () => steadyBefore(playing));
  const begins = journal.status === 'running';
  if (begins) await unlessItFails(playing, () => carryOutMethod(playing));
  halt.rollBack();
  if (begins) {
    await unlessItFails(playing, () => rollBack(playing));
    // Who interrupted waits for the end, and is not kept.
    if (journal.status !== 'interrupted') await unlessItFails(playing, () => steadyAfter(playing));
  }
  await bystanders.end();
  return tellBackend(playing);
};

const playingOf = (armed: Armed): Playing => {
  const { options, run, tell } = armed;
  const journal = newJournal(options, run);
  const keep = async (): Promise<void> => {
    journal.muster.figures = figuresOf(run.measured);
    journal.muster.moments = momentsOf(run);
    Object.assign(journal, times(Date.parse(journal.start), run.now()));
    await options.sink?.write(journalText(journal));
  };
  return { ...armed, journal, keep, performer: { run, tell, functions: options.experiment.bind(run) } };
};

const newJournal = ({ experiment, machine, drillId }: RunOptions, run: Run): Journal => ({
  'chaoslib-version': RUNNER_VERSION,
  platform: machine.platform,
  node: machine.node,
  experiment: experiment.declaration,
  start: new Date(run.now()).toISOString(),
  end: null,
  duration: null,
  status: 'running',
  deviated: false,
  steady_states: { before: null, after: null, during: [] },
  run: [],
  rollbacks: [],
  muster: {
    ...{ experimentId: run.experiment.id, scope: run.names.scope, drillId: drillId ?? null, reason: null },
    ...{ figures: figuresOf(run.measured), moments: {} },
  },
});

const momentsOf = (run: Run): Journal['muster']['moments'] =>
  Object.fromEntries(
    Object.entries(run.measured.moments).map(([name, at]: [string, number]) => [name, run.backendTime(at - run.now())]),
  );

const tellArmed = async ({ tell, run, keep }: Playing): Promise<void> => {
  await tell({ phase: 'arm', state: 'ends', name: 'chaos-arm', ok: true, output: { scope: run.names.scope } });
  await keep();
};

const steadyBefore = async ({ performer, journal, options, keep }: Playing): Promise<void> => {
  const { probes } = options.experiment.declaration['steady-state-hypothesis'];
  journal.steady_states.before = await steadyState(performer, 'before', probes);
  if (!journal.steady_states.before.steady_state_met) {
    end(journal, 'aborted', 'the steady state was not met before, so nothing was done');
  }
  await keep();
};

const carryOutMethod = async ({ performer, journal, options, halt, keep }: Playing): Promise<void> => {
  const { experiment } = options;
  const conditions = keepStopConditions(performer, experiment, halt);
  try {
    const kept = async (result: ActivityResult): Promise<void> => {
      journal.run.push(result);
      if (result.tolerance_met === false) deviate(journal, `${result.activity.name}: outside of its tolerance`);
      await keep();
    };
    await carryOut(performer, experiment.declaration.method, kept, halt);
  } finally {
    await conditions.end();
  }
  if (performer.run.isOver()) throw new Halted('halted at the end of its method');
};

/** One that fails does not keep the next from being tried; the backend undoes what is left. */
const rollBack = async ({ performer, journal, options, keep }: Playing): Promise<void> => {
  for (const rollback of options.experiment.declaration.rollbacks) {
    const result = await perform(performer, 'rollback', rollback);
    journal.rollbacks.push(result);
    if (result.status === 'failed') deviate(journal, `${rollback.name}: ${result.exception ?? 'failed'}`);
    await keep();
  }
};

const steadyAfter = async ({ performer, journal, options, run }: Playing): Promise<void> => {
  const { probes } = options.experiment.declaration['steady-state-hypothesis'];
  const after = await steadyState(performer, 'after', probes);
  journal.steady_states.after = after;
  if (after.steady_state_met) run.measured.moments.resolved = run.now();
  else deviate(journal, `the steady state did not return: ${after.probes.at(-1)?.activity.name ?? '?'}`);
};

const tellBackend = async (playing: Playing): Promise<Outcome> => {
  const { journal, options, run, tell, keep } = playing;
  if (journal.status === 'running') journal.status = 'completed';
  await unlessItFails(playing, async () => {
    await tell({ phase: 'finish', state: 'begins', name: 'chaos-finish' });
    await keep();
  });
  const finished = await finish(options, journal, endedOf(journal));
  const [undone, experiment] = finished.done
    ? [finished.response.undone, finished.response.experiment]
    : [[], run.experiment];
  const notFinished = finished.done ? null : finished.message;
  // Ended before by the backend: what it calls it then counts, because it knew why.
  const endedOtherwise = finished.done && !finished.response.changed && experiment.status !== endedOf(journal).status;
  if (notFinished !== null) end(journal, 'failed', `the backend could not be told of the end: ${notFinished}`);
  if (endedOtherwise) end(journal, 'aborted', experiment.reason ?? `ended by the backend: ${experiment.status}`);
  const passed = journal.status === 'completed' && !journal.deviated;
  await unlessItFails(playing, async () => {
    // The file stays as it was digested, unless it would say something else than what happened.
    if (notFinished !== null || endedOtherwise) await keep();
    const told = { status: experiment.status, undone, figures: journal.muster.figures };
    const why = notFinished ?? journal.muster.reason;
    const ok = notFinished === null && passed;
    await tell({
      phase: 'finish',
      state: 'ends',
      name: 'chaos-finish',
      ok,
      output: told,
      ...(why ? { message: why } : {}),
    });
  });
  return { journal, experiment, undone, notFinished, passed: passed && journal.status === 'completed' };
};

const endedOf = ({ status, deviated, muster: { reason } }: Journal): Ended => ({
  status: status === 'completed' ? (deviated ? 'deviated' : 'completed') : 'aborted',
  ...(reason === null ? {} : { reason: reason.slice(0, 1000) }),
});

/** The first reason counts: what comes after it follows from it. */
const end = (journal: Journal, status: JournalStatus, reason: string): void => {
  journal.status = status;
  journal.muster.reason ??= reason;
};

const deviate = (journal: Journal, reason: string): void => {
  journal.deviated = true;
  journal.muster.reason ??= reason;
};

/** Nothing that is thrown, by whatever was handed in, keeps a run from being rolled back. */
const unlessItFails = async ({ journal, halt }: Playing, part: () => Promise<void>): Promise<void> => {
  try {
    await part();
  } catch (error) {
    const cause = halt.cause();
    if (error instanceof Halted && cause) return end(journal, cause.status, cause.reason);
    end(journal, 'failed', error instanceof Error ? error.message : String(error));
  }
};
