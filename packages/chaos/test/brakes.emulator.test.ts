/**
 * Each experiment against a backend of its own as it is, where it passes, and against builds of it with one brake removed,
 * where it must fail, by the probes that are about this brake: an experiment that cannot fail is not one.
 */
import { EXPERIMENTS, runExperiment, type Experiment, type Outcome, type Target } from '../src';
import { BRAKES } from './brakes';
import { newWorld, type World } from './broken-build';
import { machineWith } from './suite-target';

/** What firebase-functions logs on its own account, and the backend of what is broken here on purpose. */
for (const level of ['debug', 'warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());
/** Whatever was removed: rolling back works without it. */
afterEach(async () => {
  expect(await world.leftovers()).toEqual([]);
});

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

const run = (name: keyof typeof EXPERIMENTS, target: Target): Promise<Outcome> =>
  runExperiment({ experiment: shortened(EXPERIMENTS[name]), target, machine: machineWith() });

const outside = ({ journal }: Outcome) =>
  journal.run
    .filter(({ status, tolerance_met }) => status === 'failed' || tolerance_met === false)
    .map(({ activity, output, exception }) => ({ func: activity.provider.func, output, exception }));

test.each(Object.values(EXPERIMENTS).map(({ name }) => name))('%s passes with nothing removed', async (name) => {
  const outcome = await run(name, await world.build(undefined));
  expect({ outside: outside(outcome), why: outcome.journal.muster.reason }).toEqual({ outside: [], why: null });
  expect(outcome).toMatchObject({ passed: true, experiment: { status: 'completed' } });
});

test.each(BRAKES)('$experiment fails when $what', async ({ experiment, brake, found }) => {
  const outcome = await run(experiment, await world.build(brake));
  expect(outcome).toMatchObject({ passed: false, notFinished: null, experiment: { status: 'deviated' } });
  const said = outside(outcome);
  expect(said.map(({ func }) => func)).toEqual(expect.arrayContaining([...found]));
});
