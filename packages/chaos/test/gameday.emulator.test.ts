/** A whole game day on the running suite, recorded as one drill. */
import {
  beginDrill,
  completeDrill,
  EXPERIMENTS,
  gameDay,
  gameDayMarkdown,
  runGameDay,
  type Journal,
  type Outcome,
} from '../src';
import { chaosSuite, type ChaosSuite } from './suite-target';

let chaos: ChaosSuite;
beforeAll(async () => {
  chaos = await chaosSuite();
});
afterAll(() => chaos.suite.close());

/** Everything that was not as declared, so that a failing test says what. */
const outsideOf = ({ journal }: Outcome) => {
  const { before, after } = journal.steady_states;
  return [...(before?.probes ?? []), ...journal.run, ...journal.rollbacks, ...(after?.probes ?? [])]
    .filter(({ status, tolerance_met }) => status === 'failed' || tolerance_met === false)
    .map(({ activity, output, exception }) => ({ name: activity.name, output, exception }));
};

test('a game day of all experiments passes, is reported, and stands as a drill whose times were measured', async () => {
  const experiments = Object.values(EXPERIMENTS).map(({ name }) => name);
  const journals = new Map<string, string>();
  const { id: drillId } = await beginDrill(chaos, chaos.suite.scenarioId);
  const { day, outcomes } = await runGameDay({
    ...{ ...chaos, project: 'demo-muster', experiments, drillId },
    sinkFor: (name) => ({ write: (text) => void journals.set(name, text) }),
  });
  expect(outcomes.flatMap(outsideOf)).toEqual([]);
  expect(day.experiments.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(day).toMatchObject({ passed: true, environment: 'development', drillId });
  expect(day.total).toMatchObject({ fallbackActivationRate: 1, availability: 1 });
  expect(day.seconds).toBeLessThan(180);

  // What was written is the journal that the backend has the digest of, and a report of it can be read back.
  expect([...journals.keys()]).toEqual(experiments);
  expect((JSON.parse(journals.get('kill-switch') ?? '') as Journal).muster.experimentId).toBe(
    day.experiments[0]?.experimentId,
  );
  const report = gameDayMarkdown(day, gameDay.parse(JSON.parse(JSON.stringify(day))));
  expect(report).toContain('7 of 7 experiments passed');

  const runs = outcomes.map(({ journal, experiment }) => ({ ...journal, experiment: experiment.experiment }));
  const drill = await completeDrill(chaos, drillId, runs);
  expect(drill).toMatchObject({ status: 'completed', outcome: 'success', exercise: true });
  const [first, last] = [outcomes[0]?.journal, outcomes.at(-1)?.journal];
  expect(drill.milestones).toEqual({
    detected: first?.muster.moments.detected,
    acknowledged: first?.muster.moments.acknowledged,
    contained: last?.muster.moments.contained,
    resolved: last?.muster.moments.resolved,
  });
  const { events } = await chaos.suite.call('drills-get', { drillId }, chaos.staff);
  expect(events.filter(({ type }) => type === 'observation').map(({ note }) => note?.split(' ')[0])).toEqual(
    experiments,
  );
});
