/**
 * Each experiment against a backend of its own as it is, where it passes, and against builds of it with one brake removed,
 * where it must fail, by the probes that are about this brake: an experiment that cannot fail is not one.
 */
import { EXPERIMENTS, type Experiment, type Outcome } from '../src';
import { BRAKES } from './brakes';
import { shareLibraries } from './broken-build';
import { sideBySide, type Run } from './side-by-side';

/** What firebase-functions logs on its own account, and the backend of what is broken here on purpose. */
for (const level of ['debug', 'warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);

beforeAll(shareLibraries);

/** Over loopback nothing takes as long as on staging; `gameday.emulator.test.ts` has the whole time. */
const SHORTER: Record<string, number> = { keep_writing: 0.5, begin_storm: 2.5 };
const shortened = ({ declaration, ...experiment }: Experiment): Experiment => ({
  ...experiment,
  declaration: {
    ...declaration,
    method: declaration.method.map((activity) => {
      const { func, arguments: given } = activity.provider;
      const seconds = SHORTER[func];
      if (seconds === undefined) return activity;
      return { ...activity, provider: { ...activity.provider, arguments: { ...given, seconds } } };
    }),
  },
});

const whole = Object.values(EXPERIMENTS).map((experiment) => ({
  name: experiment.name,
  run: { experiment: shortened(experiment), brake: undefined },
}));
const broken = BRAKES.map(({ experiment, brake, what, found }) => ({
  ...{ name: experiment, what, found },
  run: { experiment: shortened(EXPERIMENTS[experiment]), brake },
}));

/**
 * Storms wait for what hangs, so they go together; the others work as well, and would only slow each other down. Where it is judged how much
 * slower health is than before, nothing else may slow it before: those two go alone.
 */
const AT_ONCE = 4;
const isStorm = ({ experiment }: Run) => experiment.name === 'connector-storm';
const runs = [...whole, ...broken].map(({ run }) => run);
const others = runs.filter((run) => !isStorm(run));
const measuringHealth = [
  ...whole.filter(({ run }) => isStorm(run)),
  ...broken.filter(({ found }) => found.includes('health_slower')),
].map(({ run }): Run => run);
const endOf = sideBySide([
  ...measuringHealth.map((run) => [run]),
  runs.filter((run) => isStorm(run) && !measuringHealth.includes(run)),
  ...others.flatMap((_, index) => (index % AT_ONCE === 0 ? [others.slice(index, index + AT_ONCE)] : [])),
]);

const outside = ({ journal }: Outcome) =>
  journal.run
    .filter(({ status, tolerance_met }) => status === 'failed' || tolerance_met === false)
    .map(({ activity, output, exception }) => ({ func: activity.provider.func, output, exception }));

test.each(whole)('$name passes with nothing removed', async ({ run }) => {
  const { outcome, leftovers } = await endOf(run);
  expect({ outside: outside(outcome), why: outcome.journal.muster.reason }).toEqual({ outside: [], why: null });
  expect(outcome).toMatchObject({ passed: true, experiment: { status: 'completed' } });
  expect(leftovers).toEqual([]);
});

test.each(broken)('$name fails when $what', async ({ run, found }) => {
  const { outcome, leftovers } = await endOf(run);
  expect(outcome).toMatchObject({ passed: false, notFinished: null, experiment: { status: 'deviated' } });
  expect(outside(outcome).map(({ func }) => func)).toEqual(expect.arrayContaining([...found]));
  // Whatever was removed: rolling back works without it.
  expect(leftovers).toEqual([]);
});
