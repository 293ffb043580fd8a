import { HOUR, newBackend, START, type Backend } from '../../../test/harness';
import { expectWithin } from '../../../test/watched-backend';
import { runJob } from '../../platform/operations/job';
import { Meter } from '@muster/core/meter';
import { NO_MODE, policyAsStored, policyDocument, type KillSwitch } from '@muster/guard/policy-document';
import { enterDegraded, exitDegraded, expirePolicy, getPolicy } from '.';

let backend: Backend;
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(() => backend.close());

const at = (hours: number) => new Date(START.getTime() + hours * HOUR);
const enter = (until?: Date) =>
  backend.run(enterDegraded, {
    mode: 'read_only',
    reason: 'a storm',
    ...(until ? { until: until.toISOString() } : {}),
  });
const actions = async () => (await backend.auditEntries()).map(({ action }) => String(action)).toSorted();
const mode = async () => (await backend.run(getPolicy, {})).policy.mode;

const policy = async () => backend.deps.store.read(new Meter()).read(policyAsStored());
const KILLED: KillSwitch = {
  ...{ since: START, until: null, by: 'uid-staff', reason: 'It pushed to the wrong branch.' },
  ...{ activation: null, exemptions: {} },
};

const EXITED = 'studio_ops.degraded_mode_exited';
const ENTERED = 'studio_ops.degraded_mode_entered';
const RAN = 'jobs.policy_expire.ran';

test('an expired mode is ended with one entry, however often and at once its run comes', async () => {
  await enter(at(1));
  await Promise.all(Array.from({ length: 8 }, () => runJob(backend.deps, expirePolicy, at(1))));
  await runJob(backend.deps, expirePolicy, at(1));
  expect(await actions()).toEqual([RAN, ENTERED, EXITED].toSorted());
  const [exited] = (await backend.auditEntries()).filter(({ action }) => action === EXITED);
  expect(exited).toMatchObject({
    actorType: 'system',
    target: 'policy/current',
    exercise: false,
    metadata: { status: 'exited', mode: 'read_only', reason: 'expired', until: at(1).toISOString() },
  });
});

test.each([
  ['whose end has not come', at(2)],
  ['that has no end', undefined],
])('a mode %s stays, and the run says that it found nothing', async (_, until) => {
  await enter(until);
  await runJob(backend.deps, expirePolicy, at(1));
  expect(await mode()).toBe('read_only');
  expect(await actions()).toEqual([RAN, ENTERED].toSorted());
  expect((await backend.auditEntries()).find(({ action }) => action === RAN)).toMatchObject({
    metadata: { expired: 0, malformed: 0, scheduledFor: at(1).toISOString() },
  });
});

test('a mode that was entered anew is not ended by a late run for the old one', async () => {
  await enter(at(1));
  backend.clock.now = at(2);
  await enter(at(3));
  await runJob(backend.deps, expirePolicy, at(1));
  expect(await mode()).toBe('read_only');
});

test('a policy that is damaged is left alone: only a person may say that nothing is restricted', async () => {
  await backend.firestore.doc('muster_policy/current').set({ version: 9 });
  await runJob(backend.deps, expirePolicy, at(1));
  expect((await backend.firestore.doc('muster_policy/current').get()).data()).toEqual({ version: 9 });
});

test('a policy of the version before is rewritten, as restricted as it was', async () => {
  const endRequest = { by: 'uid-staff', at: START, reason: 'It is repaired.' };
  await backend.firestore.doc('muster_policy/current').set({
    version: 3,
    mode: { ...NO_MODE, name: 'read_only', since: START, endRequest: null },
    killSwitches: { shipping: { ...KILLED, endRequest } },
    offline: {},
  });
  await runJob(backend.deps, expirePolicy, at(1));
  const stored = await policy();
  expect(JSON.stringify(stored)).not.toContain('endRequest');
  expect(policyDocument.parse(stored)).toMatchObject({ version: 4, mode: { name: 'read_only', since: START } });
  expect(policyDocument.parse(stored).killSwitches).toEqual({ shipping: KILLED });
  expect(await actions()).toEqual(['capability.policy.rebuilt', RAN]);
});

test('a policy that is rebuilt has the connectors that were out', async () => {
  const record = { on: true, since: START, until: null, by: 'muster', reason: 'It does not answer.', renewals: [] };
  const open = { ...record, endedAt: null, endedBy: null, end: null, endReason: null };
  await backend.firestore.doc('muster_activations/act_out').set({ ...open, kind: 'connector_offline', name: 'github' });
  await backend.firestore.doc('muster_policy/current').delete();
  await backend.run(exitDegraded, {});
  expect(await policy()).toMatchObject({
    mode: { name: 'normal' },
    killSwitches: {},
    offline: { github: { reason: 'It does not answer.', activation: 'act_out' } },
  });
  expect(await backend.run(getPolicy, {})).toMatchObject({ offline: [{ connector: 'github' }] });
});

test('a run that finds nothing to do costs what docs/operations.md says', async () => {
  await runJob(backend.deps, expirePolicy, at(1));
  expect(backend.costs.at(-1)!.spent).toEqual({ reads: 3, writes: 1 });
});

test('a run that ends something costs no more than it declares', async () => {
  for (const until of [at(1), at(5)]) {
    await enter(until);
    await runJob(backend.deps, expirePolicy, until);
    expectWithin(expirePolicy.cost, backend.costs.at(-1)!.spent, 0, false);
  }
});
