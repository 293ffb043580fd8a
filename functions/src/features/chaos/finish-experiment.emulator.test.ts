/** Finishing: everything of the scope is undone, and nothing else is, and the result is kept. */
import { killedIn, type ExperimentView } from '@muster/contract/chaos';
import { as } from '../../../test/harness';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { CommitGate } from '../../../test/commit-gate';
import { arm, later, layOutAll, leftovers, LOST, remainsOf, runSchedule } from '../../../test/experiments';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { killCapability, policyLedger } from '../policy';
import { finishExperiment } from '.';

let watched: Watched;
const gate = new CommitGate();
beforeEach(async () => {
  watched = await watchedBackend({ fetch: gate.fetch });
});
afterEach(() => watched.backend.close());

const reason = 'something real is stopped';
const input = { experiment: 'connector-storm', connectors: 2 };
const finish = (experimentId: string, more: object = {}) =>
  watched.call(finishExperiment, { experimentId, status: 'completed', ...more });
const stored = async ({ id }: Pick<ExperimentView, 'id'>) =>
  (await watched.backend.firestore.doc(`muster_experiments/${id}`).get()).data();
const entriesOf = async (action: string) =>
  (await watched.backend.auditEntries()).filter((entry) => entry['action'] === action);
const FIGURES = {
  bystanders: { tried: 10, failed: 0 },
  operations: { tried: 20, failed: 4 },
  fallbacks: { due: 4, activated: 4 },
  recoveryMs: 31,
  brakeMs: null,
};

test('finishing undoes everything of the scope and keeps the result, in one commit with one entry', async () => {
  const experiment = await arm(watched.backend, input);
  const other = await arm(watched.backend, input);
  await layOutAll(watched, experiment);
  await leftovers.kill(watched.backend, other.scope);
  await watched.backend.run(killCapability, { capability: 'shipping', reason });
  // A scope that only begins with the same letters is another one.
  await watched.backend.run(killCapability, { capability: `${killedIn(experiment.scope)}a`, reason });
  await watched.settle();

  const journalDigest = 'b'.repeat(64);
  const answer = await finish(experiment.id, { figures: FIGURES, journalDigest });
  expect(answer).toMatchObject({
    changed: true,
    experiment: { status: 'completed', reason: null, figures: FIGURES, journalDigest, endedAt: later(0).toISOString() },
  });
  expect(answer.undone.toSorted()).toEqual(
    [
      ...['kill switch chaos.S', 'kill switch chaos.S.write', 'kill switch connector.chaos-S-1', 'chaos-S-2 offline'],
      ...['connectors/chaos-S-1', 'connectors/chaos-S-2', 'connectorQueues/chaos-S-1', 'connectorQueues/chaos-S-2'],
      ...['connectorWrites/cwr_S1', 'connectorWrites/cwr_S2'],
    ]
      .map((name) => name.replace('S', experiment.scope))
      .concat(answer.undone.filter((name) => name.startsWith('delegations/')))
      .toSorted(),
  );
  expect(answer.undone).toHaveLength(11);
  expect(watched.entry()).toMatchObject({
    action: 'chaos.finished',
    exercise: true,
    metadata: { status: 'completed', complete: true, undone: answer.undone, figures: FIGURES },
  });
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([
    `${killedIn(experiment.scope)}a`,
    `activation of ${killedIn(experiment.scope)}a`,
  ]);
  expect(await remainsOf(watched.backend, other.scope)).toHaveLength(2);
  const policy = (await watched.backend.firestore.doc('muster_policy/current').get()).data();
  expect(Object.keys(policy?.['killSwitches'])).toContain('shipping');
  const { activations } = await watched.call(policyLedger, { name: killedIn(experiment.scope) });
  expect(activations).toMatchObject([{ end: 'restored', endedBy: 'uid-staff' }]);
  expect((await stored(experiment))?.['undoAt']).toBeNull();
});

test('again is the same as once: it has ended, and says how', async () => {
  const { id } = await arm(watched.backend);
  await watched.settle();
  const { experiment } = await finish(id, { status: 'deviated', reason: 'the brake did not hold' });
  expect(await finish(id)).toEqual({ changed: false, undone: [], experiment });
  expect(watched.changedSomething()).toBe(false);
  await runSchedule(watched.backend, LOST);
  expect((await stored({ id }))?.['status']).toBe('deviated');
});

test('only who armed it finishes it', async () => {
  const { id } = await arm(watched.backend);
  await watched.settle();
  const call = as('staff', 'uid-other');
  expect(await watched.refused(finishExperiment, { experimentId: id, status: 'completed' }, call)).toMatchObject({
    details: { reason: 'NOT_YOURS' },
  });
  expect(await watched.refused(finishExperiment, { experimentId: 'exp_none234', status: 'completed' })).toMatchObject({
    details: { reason: 'UNKNOWN_EXPERIMENT' },
  });
});

test('bad input is refused by name, and request ids are kept', async () => {
  const ids: string[] = [];
  for (const call of [as('staff'), as('staff'), as('staff', 'uid-staff-two')]) {
    ids.push((await arm(watched.backend, {}, call)).id);
  }
  await watched.settle();
  const of = (index: number) => ({ experimentId: ids[index], status: 'completed' });
  await expectBadInputIsNamed(watched, finishExperiment, of(0), [
    ...NEVER,
    ['no status', { status: undefined }, 'status'],
    ['still armed', { status: 'armed' }, 'status'],
    ['lost, which only a schedule says', { status: 'lost' }, 'status'],
    ['a digest that is none', { journalDigest: 'abc' }, 'journalDigest'],
    [
      'half of the figures',
      { figures: { brakeMs: 1 } },
      'figures.bystanders,figures.operations,figures.fallbacks,figures.recoveryMs',
    ],
  ]);
  await expectRequestIdsAreKept(watched, finishExperiment, { one: of(0), other: of(1), forAnotherUser: of(2) });
});

test('a result is kept although the policy is damaged, and the schedule goes on', async () => {
  const experiment = await arm(watched.backend, input);
  await leftovers.kill(watched.backend, experiment.scope);
  const good = (await watched.backend.firestore.doc('muster_policy/current').get()).data();
  await watched.given('muster_policy/current', {});
  expect(await finish(experiment.id)).toMatchObject({ changed: true, undone: [], experiment: { status: 'completed' } });
  expect(watched.entry()).toMatchObject({ metadata: { complete: false } });
  await watched.given('muster_policy/current', good);
  await runSchedule(watched.backend, later(60_000));
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
  expect(await stored(experiment)).toMatchObject({ status: 'completed' });
});

test('finish and schedule at once, twice each: one of them ends it, with one entry', async () => {
  const experiment = await arm(watched.backend, input);
  await layOutAll(watched, experiment);
  gate.holdUntil(3);
  watched.backend.clock.now = LOST;
  const finishing = () =>
    watched.backend.run(finishExperiment, { experimentId: experiment.id, status: 'aborted', reason: 'Ctrl-C' });
  const answers = Promise.all([finishing(), finishing()]);
  await Promise.all([runSchedule(watched.backend, LOST), answers]);
  expect(await remainsOf(watched.backend, experiment.scope)).toEqual([]);
  const ends = [...(await entriesOf('chaos.finished')), ...(await entriesOf('chaos.rolled_back'))];
  expect(ends).toHaveLength(1);
  const { status } = (await stored(experiment)) ?? {};
  expect(['aborted', 'lost']).toContain(status);
  expect((await answers).filter(({ changed }) => changed)).toHaveLength(status === 'aborted' ? 1 : 0);
});
