/** Production by parameter, a token without the right, a runner's own refusals: none runs, each says why, each is in the audit. */
import { as, refusalOf, type Backend } from '../../../test/harness';
import { arm, later, leftovers, LOST, remainsOf, runSchedule } from '../../../test/experiments';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { environmentFrom } from '../../platform/deployment';
import { runJob } from '../../platform/operations/job';
import { expirePolicy } from '../policy';
import {
  armExperiment,
  chaosStatus,
  chaosWrite,
  continueExperiment,
  finishExperiment,
  liftChaos,
  listExperiments,
  reportRefusedChaos,
  stopChaos,
} from '.';

let watched: Watched;
let backend: Backend;
beforeEach(async () => {
  watched = await watchedBackend({ environment: 'production' });
  ({ backend } = watched);
});
afterEach(() => backend.close());

const reason = 'this is production, after all';
const entries = async (prefix: string) =>
  (await backend.auditEntries()).filter(({ action }) => String(action).startsWith(prefix));
/** What the audit says how often, once the minute is closed. */
const countedIn = async () => {
  await runJob(backend.deps, expirePolicy, later(10 * 60_000));
  return (await entries('chaos.refusals_counted')).map(({ metadata }) => metadata as Record<string, unknown>);
};

/** One that was armed while the project said something else. */
const armedBefore = async () => {
  backend.deps.environment = 'staging';
  const experiment = await arm(backend, { connectors: 1 });
  backend.deps.environment = 'production';
  await watched.settle();
  return experiment;
};

test('only what is said clearly is not production', () => {
  const said = ['', 'Staging', ' staging', 'stage', 'prod', 'test', 'true', 'production', 'staging,development'];
  expect(said.map(environmentFrom)).toEqual(said.map(() => 'production'));
  expect(['staging', 'development'].map(environmentFrom)).toEqual(['staging', 'development']);
});

test('arming, continuing and writing are refused, each says why, and the audit has exactly as many', async () => {
  const { id: experimentId } = await armedBefore();
  const attempts = [
    [armExperiment, { experiment: 'kill-switch' }, 3],
    [continueExperiment, { experimentId }, 2],
    [chaosWrite, { experimentId, key: 'one' }, 4],
  ] as const;
  for (const [operation, input, times] of attempts) {
    for (let time = 0; time < times; time += 1) {
      expect(await watched.refused(operation, input)).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('production'),
        details: { reason: 'ENVIRONMENT_IS_PRODUCTION', next: expect.stringContaining('MUSTER_ENVIRONMENT') },
      });
    }
  }
  expect(await entries('chaos.refused')).toMatchObject([
    {
      outcome: 'refused',
      actorId: 'uid-staff',
      target: 'capabilities/chaos-arm',
      metadata: { reason: 'ENVIRONMENT_IS_PRODUCTION' },
    },
  ]);
  expect(await countedIn()).toMatchObject([
    {
      reason: 'ENVIRONMENT_IS_PRODUCTION',
      caller: 'uid-staff',
      count: 9,
      byCapability: { 'chaos-arm': 3, 'chaos-continue': 2, 'chaos-write': 4 },
    },
  ]);
});

test('a flood leaves two entries', async () => {
  await Promise.all(Array.from({ length: 60 }, () => refusalOf(arm(backend))));
  expect(await countedIn()).toMatchObject([{ count: 60 }]);
  expect(await entries('chaos.')).toHaveLength(2);
});

test('finish, stop, rollback, status and list work', async () => {
  const one = await armedBefore();
  await leftovers.kill(backend, one.scope);
  await watched.settle();
  expect(await watched.call(chaosStatus, {}, as('auditor'))).toMatchObject({
    environment: 'production',
    allowed: false,
    why: expect.stringContaining('production'),
    armed: [{ id: one.id }],
  });
  expect((await watched.call(listExperiments, {}, as('auditor'))).experiments).toHaveLength(1);
  expect(await watched.call(finishExperiment, { experimentId: one.id, status: 'aborted' })).toMatchObject({
    changed: true,
    undone: [`kill switch chaos.${one.scope}`],
  });
  const two = await armedBefore();
  await leftovers.kill(backend, two.scope);
  await runSchedule(backend, LOST);
  expect(await remainsOf(backend, two.scope)).toEqual([]);
  const three = await armedBefore();
  expect(await backend.run(stopChaos, { reason })).toMatchObject({ rolledBack: [three.id] });
  expect(await backend.run(liftChaos, { reason })).toEqual({ changed: true });
});

test('a token without the right is refused, and the audit says who tried what', async () => {
  const { id: experimentId } = await armedBefore();
  backend.deps.environment = 'staging';
  const tried = [
    [armExperiment, { experiment: 'kill-switch' }],
    [continueExperiment, { experimentId }],
    [chaosWrite, { experimentId, key: 'one' }],
    [finishExperiment, { experimentId, status: 'completed' }],
    [stopChaos, { reason }],
    [liftChaos, { reason }],
    [reportRefusedChaos, { experiment: 'replay', reason: 'CHAOS_MODE_NOT_SET' }],
  ] as const;
  for (const call of [as('member'), as('auditor')]) {
    for (const [operation, input] of tried) {
      expect(await watched.refused(operation, input, call)).toMatchObject({ details: { reason: 'ROLE_MISSING' } });
    }
  }
  const refusals = await entries('chaos.refused');
  expect(refusals.map(({ actorId, metadata }) => [actorId, (metadata as { reason: string }).reason])).toEqual(
    expect.arrayContaining([
      ['uid-member', 'ROLE_MISSING'],
      ['uid-auditor', 'ROLE_MISSING'],
    ]),
  );
  expect(refusals).toHaveLength(2);
  const names = Object.fromEntries(tried.map(([{ name }]) => [name, 1]));
  expect((await countedIn()).map(({ count, byCapability }) => ({ count, byCapability }))).toEqual([
    { count: 7, byCapability: names },
    { count: 7, byCapability: names },
  ]);
});

test('a role that is missing is told once and counted, also for what only reads', async () => {
  for (let time = 0; time < 3; time += 1) {
    expect(await watched.refused(chaosStatus, {}, as('member'))).toMatchObject({ code: 'PERMISSION_DENIED' });
  }
  expect(await entries('chaos.')).toMatchObject([
    {
      action: 'chaos.refused',
      actorId: 'uid-member',
      metadata: { reason: 'ROLE_MISSING', capability: 'chaos-status' },
    },
  ]);
});

test('what a runner refused by itself is recorded, told apart, and floods nothing', async () => {
  for (const kind of ['CHAOS_MODE_NOT_SET', 'NODE_ENV_IS_PRODUCTION'] as const) {
    for (const experiment of ['replay', 'replay', 'forgery']) {
      expect(await backend.run(reportRefusedChaos, { experiment, reason: kind })).toEqual({ recorded: true });
    }
  }
  const refusals = await entries('chaos.refused');
  expect(refusals.map(({ metadata }) => metadata)).toEqual(
    expect.arrayContaining([
      { reason: 'CHAOS_MODE_NOT_SET', capability: 'runner/replay' },
      { reason: 'NODE_ENV_IS_PRODUCTION', capability: 'runner/replay' },
    ]),
  );
  expect(refusals).toHaveLength(2);
  expect(await countedIn()).toMatchObject([
    { count: 3, byCapability: { 'runner/replay': 2, 'runner/forgery': 1 } },
    { count: 3 },
  ]);
  await watched.settle();
  expect(await watched.refused(reportRefusedChaos, { experiment: 'replay', reason: 'BAD_LUCK' })).toMatchObject({
    details: { reason: 'BAD_INPUT', fields: [{ field: 'reason' }] },
  });
});
