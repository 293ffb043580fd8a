/** Being rolled back by the schedule: every state of partial progress is undone. */
import { LEASE_MS, type ExperimentView } from '@muster/contract/chaos';
import { arm, later, layOutAll, LEFTOVERS, leftovers, LOST, remainsOf, runSchedule } from '../../../test/experiments';
import { combinationsOf } from '../../../test/indexes/exercise';
import { expectWithin, watchedBackend, type Watched } from '../../../test/watched-backend';
import { finishExperiment, listExperiments, rollBackLost } from '.';
import { LOOK_AGAIN_MS } from './undo-experiment';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const input = { experiment: 'connector-storm', connectors: 2 };
const finish = (experimentId: string, more: object = {}) =>
  watched.call(finishExperiment, { experimentId, status: 'completed', ...more });
const stored = async ({ id }: Pick<ExperimentView, 'id'>) =>
  (await watched.backend.firestore.doc(`muster_experiments/${id}`).get()).data();
const entriesOf = async (action: string) =>
  (await watched.backend.auditEntries()).filter((entry) => entry['action'] === action);

test('an experiment with a runner is left alone; one without is rolled back, and told as lost', async () => {
  const experiment = await arm(watched.backend, input);
  await layOutAll(watched, experiment);
  await runSchedule(watched.backend, later(LEASE_MS - 1));
  expect((await stored(experiment))?.['status']).toBe('armed');
  expect(await remainsOf(watched.backend, experiment.scope)).toHaveLength(15);
  expect(await entriesOf('jobs.chaos_rollback.ran')).toEqual([]);

  await runSchedule(watched.backend, LOST);
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
  expect(await stored(experiment)).toMatchObject({ status: 'lost', reason: expect.stringContaining('not heard of') });
  const [entry, ...more] = await entriesOf('chaos.rolled_back');
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ actorType: 'system', exercise: true, target: `experiments/${experiment.id}` });
  const { spent } = watched.backend.costs.at(-1) ?? { spent: { reads: 999, writes: 999 } };
  expectWithin(rollBackLost.cost, spent, 11, false);
  // A quiet job says nothing of a run that found nothing, or only what stands in entries of its own.
  expect(await entriesOf('jobs.chaos_rollback.ran')).toEqual([]);
});

/** 2^6 states in which a runner can be lost, eight to a database. */
const STATES = combinationsOf(Object.fromEntries(LEFTOVERS.map((name) => [name, name]))).map(
  (chosen) => Object.keys(chosen) as (typeof LEFTOVERS)[number][],
);
test.each([0, 8, 16, 24, 32, 40, 48, 56])(
  'whatever a lost runner has left is undone (states from %d on)',
  async (from) => {
    expect(STATES).toHaveLength(64);
    for (const left of STATES.slice(from, from + 8)) {
      const experiment = await arm(watched.backend, input);
      for (const leftover of left) await leftovers[leftover](watched.backend, experiment.scope);
      await runSchedule(watched.backend, LOST);
      expect({ left, remains: await remainsOf(watched.backend, experiment.scope) }).toEqual({ left, remains: [] });
      expect((await stored(experiment))?.['status']).toBe('lost');
      const ended = (await entriesOf('chaos.rolled_back')).filter(
        ({ target }) => target === `experiments/${experiment.id}`,
      );
      expect(ended).toHaveLength(1);
    }
  },
);

test('what a lost runner had on its way is found by a second look, and what it does when it comes back by its finish', async () => {
  const experiment = await arm(watched.backend, input);
  await runSchedule(watched.backend, LOST);
  await leftovers.kill(watched.backend, experiment.scope);
  const second = new Date(LOST.getTime() + LOOK_AGAIN_MS);
  await runSchedule(watched.backend, new Date(second.getTime() - 1));
  expect(await remainsOf(watched.backend, experiment.scope)).toHaveLength(2);
  await runSchedule(watched.backend, second);
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
  await runSchedule(watched.backend, new Date(second.getTime() + LOOK_AGAIN_MS));
  expect(await stored(experiment)).toMatchObject({ status: 'lost', undoAt: null });
  expect(await entriesOf('chaos.rolled_back')).toHaveLength(2);
  expect(await entriesOf('chaos.settled')).toHaveLength(1);

  await leftovers.connectors(watched.backend, experiment.scope);
  await watched.settle();
  expect(await finish(experiment.id)).toMatchObject({ changed: false, experiment: { status: 'lost' } });
  expect(watched.entry()).toMatchObject({ action: 'chaos.rolled_back' });
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
});

test.each([
  ['damaged', { version: 4 }],
  ['missing', undefined],
])(
  'a policy that is %s keeps nothing else from being undone; it is told, and tried again until it is clean',
  async (_, policy) => {
    const experiment = await arm(watched.backend, input);
    await layOutAll(watched, experiment);
    const good = (await watched.backend.firestore.doc('muster_policy/current').get()).data();
    await watched.given('muster_policy/current', policy);

    await runSchedule(watched.backend, LOST);
    expect(await stored(experiment)).toMatchObject({ status: 'lost' });
    expect(
      (await remainsOf(watched.backend, experiment.scope)).filter((name) => !name.startsWith('activation')),
    ).toEqual([]);
    expect(watched.backend.logged.filter((line) => line.includes('"CRITICAL"'))).toHaveLength(1);
    expect(await entriesOf('jobs.chaos_rollback.ran')).toMatchObject([{ outcome: 'failed' }]);

    const next = (minutes: number) => new Date(LOST.getTime() + minutes * 60_000);
    await runSchedule(watched.backend, next(1));
    await runSchedule(watched.backend, next(2));
    expect(await entriesOf('chaos.rolled_back')).toHaveLength(1);
    expect(watched.backend.logged.filter((line) => line.includes('"CRITICAL"'))).toHaveLength(3);

    await watched.given('muster_policy/current', good);
    await runSchedule(watched.backend, next(3));
    expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
    await runSchedule(watched.backend, next(5));
    expect((await stored(experiment))?.['undoAt']).toBeNull();
  },
);

test('more queued writes than fit into one commit are removed by the runs after it', async () => {
  const experiment = await arm(watched.backend, input);
  const { firestore } = watched.backend;
  const writer = firestore.bulkWriter();
  for (let index = 0; index < 450; index += 1) {
    void writer.set(firestore.doc(`muster_connectorWrites/cwr_x${index}`), {
      connectorId: `chaos-${experiment.scope}-1`,
    });
  }
  void writer.set(firestore.doc('muster_connectorWrites/cwr_other'), { connectorId: `chaos-${experiment.scope}a-1` });
  await writer.close();
  const left = async () => (await firestore.collection('muster_connectorWrites').count().get()).data().count;
  for (const [minutes, expected] of [
    [0, 251],
    [1, 51],
    [2, 1],
  ] as const) {
    await runSchedule(watched.backend, new Date(LOST.getTime() + minutes * 60_000));
    expect(await left()).toBe(expected);
  }
});

test('the same run twice does it once', async () => {
  const experiment = await arm(watched.backend, input);
  await layOutAll(watched, experiment);
  await Promise.all([1, 2, 3].map(() => runSchedule(watched.backend, LOST)));
  await runSchedule(watched.backend, LOST);
  expect(await entriesOf('chaos.rolled_back')).toHaveLength(1);
  const { experiments } = await watched.backend.run(listExperiments, {});
  expect(experiments).toMatchObject([{ status: 'lost' }]);
});
