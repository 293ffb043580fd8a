import { LEASE_MS, LONGEST_MS } from '@muster/contract/chaos';
import { as, START } from '../../../test/harness';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { CommitGate } from '../../../test/commit-gate';
import { later } from '../../../test/experiments';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { scheduleDrill, startDrill } from '../drills';
import { armExperiment, chaosStatus, continueExperiment, finishExperiment, listExperiments } from '.';

let watched: Watched;
const gate = new CommitGate();
beforeEach(async () => {
  watched = await watchedBackend({ fetch: gate.fetch });
});
afterEach(() => watched.backend.close());

const arm = (input: object = {}, call = as('staff')) =>
  watched.call(armExperiment, { experiment: 'kill-switch', ...input }, call);
const goOn = (experimentId: string, call = as('staff')) => watched.call(continueExperiment, { experimentId }, call);
const stored = async (id: string) => (await watched.backend.firestore.doc(`muster_experiments/${id}`).get()).data();

test('an experiment is armed in a scope of its own, marked as an exercise, with a lease', async () => {
  const { experiment } = await arm({ connectors: 3 });
  expect(experiment).toMatchObject({
    exercise: true,
    experiment: 'kill-switch',
    status: 'armed',
    by: 'uid-staff',
    armedAt: START.toISOString(),
    leaseUntil: later(LEASE_MS).toISOString(),
    endedAt: null,
    drillId: null,
    figures: null,
  });
  expect(experiment.scope).toMatch(/^[a-z0-9]{10}$/u);
  expect(experiment.id.endsWith(experiment.scope)).toBe(true);
  expect(await stored(experiment.id)).toMatchObject({ connectors: 3, exercise: true });
  expect(watched.entry()).toMatchObject({
    action: 'chaos.armed',
    target: `experiments/${experiment.id}`,
    exercise: true,
    metadata: { experiment: 'kill-switch', scope: experiment.scope, connectors: 3 },
  });
  expect(await watched.call(chaosStatus, {}, as('auditor'))).toMatchObject({
    environment: 'development',
    allowed: true,
    why: null,
    stopped: null,
    armed: [experiment],
  });
});

test('five are armed at the most, also when they come at once', async () => {
  for (const _ of [1, 2, 3, 4]) await arm();
  gate.holdUntil(3);
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => watched.backend.run(armExperiment, { experiment: 'replay' })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await watched.settle();
  expect(await watched.refused(armExperiment, { experiment: 'replay' })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'TOO_MANY' },
  });
  const { armed } = await watched.call(chaosStatus, {});
  expect(armed).toHaveLength(5);
  await watched.call(finishExperiment, { experimentId: armed[0]?.id, status: 'completed' });
  await arm();
});

test('one can be part of a drill that runs, and of no other', async () => {
  const { drill } = await watched.call(startDrill, { scenarioId: 'token-compromise' });
  const { experiment } = await arm({ drillId: drill.id });
  expect(experiment.drillId).toBe(drill.id);
  expect(watched.entry()).toMatchObject({ drillId: drill.id, exercise: true });
  const dueAt = later(3_600_000).toISOString();
  const { drill: planned } = await watched.call(scheduleDrill, { scenarioId: 'token-compromise', dueAt });
  for (const drillId of [planned.id, 'drl_unknown234']) {
    expect(await watched.refused(armExperiment, { experiment: 'replay', drillId })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', fields: [{ field: 'drillId' }] },
    });
  }
});

test('bad input is refused by name, and request ids are kept', async () => {
  await expectBadInputIsNamed(watched, armExperiment, { experiment: 'kill-switch' }, [
    ...NEVER,
    ['no experiment', { experiment: undefined }, 'experiment'],
    ['an experiment that there is not', { experiment: 'everything' }, 'experiment'],
    ['too many connectors', { connectors: 21 }, 'connectors'],
    ['a drill by another name', { drillId: 'exp_one' }, 'drillId'],
  ]);
  const { experiment } = await arm();
  await expectBadInputIsNamed(watched, continueExperiment, { experimentId: experiment.id }, [
    ['a key that is not in the contract', { surprise: 1 }, 'surprise'],
    ['no id', { experimentId: undefined }, 'experimentId'],
    ['a path', { experimentId: 'exp_one/two' }, 'experimentId'],
  ]);
  await expectRequestIdsAreKept(watched, armExperiment, {
    one: { experiment: 'replay' },
    other: { experiment: 'forgery' },
    forAnotherUser: { experiment: 'replay' },
  });
});

test('the lease is extended, with an entry, when half of it is gone, and not before', async () => {
  const { experiment } = await arm();
  watched.backend.clock.now = later(LEASE_MS / 2);
  expect(await goOn(experiment.id)).toEqual({ stop: null, leaseUntil: later(LEASE_MS).toISOString() });
  expect(watched.changedSomething()).toBe(false);

  watched.backend.clock.now = later(LEASE_MS / 2 + 1000);
  expect(await goOn(experiment.id)).toEqual({ stop: null, leaseUntil: later(LEASE_MS * 1.5 + 1000).toISOString() });
  expect(watched.entry()).toMatchObject({ action: 'chaos.continued', exercise: true });
  expect((await stored(experiment.id))?.['undoAt'].toDate()).toEqual(later(LEASE_MS * 1.5 + 1000));
});

test('a lease that ran out is not extended any more', async () => {
  const { experiment } = await arm();
  watched.backend.clock.now = later(LEASE_MS);
  expect(await goOn(experiment.id)).toMatchObject({ stop: expect.stringContaining('not heard of') });
  expect(watched.changedSomething()).toBe(false);
});

test('nothing is armed for longer than the longest time', async () => {
  const { experiment } = await arm();
  for (let ms = 20_000; ms < LONGEST_MS; ms += 20_000) {
    watched.backend.clock.now = later(ms);
    const { leaseUntil } = await watched.backend.run(continueExperiment, { experimentId: experiment.id });
    expect(new Date(leaseUntil).getTime()).toBeLessThanOrEqual(later(LONGEST_MS).getTime());
  }
  await watched.settle();
  watched.backend.clock.now = later(LONGEST_MS);
  expect(await goOn(experiment.id)).toMatchObject({ stop: expect.stringContaining('15 minutes') });
});

test('only who armed it continues it; one that ended says so', async () => {
  const { experiment } = await arm();
  const input = { experimentId: experiment.id };
  expect(await watched.refused(continueExperiment, input, as('staff', 'uid-other'))).toMatchObject({
    code: 'PERMISSION_DENIED',
    details: { reason: 'NOT_YOURS' },
  });
  expect(await watched.refused(continueExperiment, { experimentId: 'exp_unknown234' })).toMatchObject({
    code: 'NOT_FOUND',
    details: { reason: 'UNKNOWN_EXPERIMENT' },
  });
  await watched.call(finishExperiment, { ...input, status: 'aborted', reason: 'Ctrl-C' });
  expect(await goOn(experiment.id)).toMatchObject({ stop: 'It has ended: aborted (Ctrl-C).' });
  expect(watched.changedSomething()).toBe(false);
});

test('the list is paged, newest first, also of one kind', async () => {
  const armed: string[] = [];
  for (const [index, experiment] of ['replay', 'kill-switch', 'replay'].entries()) {
    watched.backend.clock.now = later(index * 1000);
    armed.unshift((await arm({ experiment })).experiment.id);
  }
  const idsOf = ({ experiments }: { experiments: { id: string }[] }) => experiments.map(({ id }) => id);
  const first = await watched.call(listExperiments, { limit: 2 }, as('auditor'));
  expect(idsOf(first)).toEqual(armed.slice(0, 2));
  const rest = await watched.call(listExperiments, { limit: 2, cursor: first.nextCursor });
  expect({ ids: idsOf(rest), next: rest.nextCursor }).toEqual({ ids: armed.slice(2), next: null });
  expect(idsOf(await watched.call(listExperiments, { experiment: 'replay' }))).toEqual([armed[0], armed[2]]);
});
