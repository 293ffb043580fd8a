import { capabilityIn, killedIn, LEASE_MS, subjectIn, type ExperimentView } from '@muster/contract/chaos';
import { as, START } from '../../../test/harness';
import { expectBadInputIsNamed } from '../../../test/bad-input';
import { arm, later } from '../../../test/experiments';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { grantDelegation, revokeDelegation } from '../delegations';
import { killCapability, restoreCapability } from '../policy';
import { chaosWrite, finishExperiment } from '.';

let watched: Watched;
let experiment: ExperimentView;
let written = 0;
beforeEach(async () => {
  watched = await watchedBackend();
  experiment = await arm(watched.backend);
  await watched.settle();
});
afterEach(() => watched.backend.close());

const asked = (more: object = {}) => ({ experimentId: experiment.id, key: `w-${(written += 1)}`, ...more });
const write = (more: object = {}) => watched.call(chaosWrite, asked(more));
const refused = async (more: object = {}, call = as('staff')) => {
  const { code, details } = await watched.refused(chaosWrite, asked(more), call);
  return `${code} ${details.reason}`;
};
const reason = 'an experiment does that';

test('a write is let through, once by its key, with an entry, and is kept for seven days', async () => {
  expect(await write({ key: 'one' })).toEqual({ changed: true, key: 'one' });
  const stored = (
    await watched.backend.firestore.doc(`muster_experiments/${experiment.id}/muster_writes/one`).get()
  ).data();
  expect(stored).toMatchObject({ by: 'uid-staff', via: 'guard', as: 'self' });
  expect(stored?.['musterExpireAt'].toDate()).toEqual(later(7 * 24 * 3_600_000));
  expect(watched.entry()).toMatchObject({
    action: 'chaos.written',
    exercise: true,
    metadata: { capability: capabilityIn(experiment.scope) },
  });
  expect(await refused({ key: 'one' })).toBe('CONFLICT ALREADY_RECORDED');
});

test('bad input is refused by name', async () => {
  await expectBadInputIsNamed(watched, chaosWrite, { experimentId: experiment.id, key: 'one' }, [
    ['a key that is not in the contract', { surprise: 1 }, 'surprise'],
    ['no id', { experimentId: undefined }, 'experimentId'],
    ['a key that is a path', { key: 'a/b' }, 'key'],
    ['an agent without a delegation', { as: 'agent' }, 'delegation'],
    ['a delegation for nobody', { delegation: 'dlg_one234' }, 'delegation'],
    ['a fault that there is not', { policy: 'slow' }, 'policy'],
  ]);
});

test('killed, it is refused as any guarded write is, counted, and marked as an exercise; restored, it is let through', async () => {
  const { killSwitch } = await watched.call(killCapability, { capability: killedIn(experiment.scope), reason });
  expect(await refused()).toBe('RESTRICTED BLOCKED_BY_KILL_SWITCH');
  const entries = await watched.backend.auditEntries();
  expect(entries.filter(({ action }) => action === 'capability.refused')).toMatchObject([
    { exercise: true, metadata: { capability: capabilityIn(experiment.scope), reason: 'BLOCKED_BY_KILL_SWITCH' } },
  ]);
  const denials = await watched.backend.firestore.collection('muster_denials').get();
  expect(denials.docs.map((one) => one.get('total'))).toEqual([1]);
  expect(killSwitch).toBeDefined();
  await watched.call(restoreCapability, { capability: killedIn(experiment.scope), reason });
  await write();
});

test.each(['missing', 'damaged', 'unreachable', 'of_another_version'] as const)(
  'a policy that seems %s refuses this one write, and nobody else notices',
  async (policy) => {
    const before = (await watched.backend.firestore.doc('muster_policy/current').get()).updateTime;
    expect(await refused({ policy })).toBe('UNAVAILABLE POLICY_UNAVAILABLE');
    const counts = await watched.backend.firestore.collection('muster_refusals').get();
    expect(counts.docs.map((one) => one.get('reason'))).toEqual(['POLICY_UNAVAILABLE']);
    await write();
    expect((await watched.backend.firestore.doc('muster_policy/current').get()).updateTime).toEqual(before);
  },
);

test('a policy that is really missing or damaged refuses too', async () => {
  for (const policy of [undefined, { version: 4 }]) {
    await watched.given('muster_policy/current', policy);
    expect(await refused()).toBe('UNAVAILABLE POLICY_UNAVAILABLE');
  }
});

test('an agent writes with the delegation of who armed it, until that is revoked', async () => {
  const { delegation } = await watched.call(grantDelegation, {
    agent: subjectIn(experiment.scope),
    capabilities: [capabilityIn(experiment.scope)],
    reason,
    expiresAt: later(60_000).toISOString(),
  });
  const agent = { as: 'agent', delegation: delegation.id };
  await write(agent);
  expect(watched.entry()).toMatchObject({ metadata: { as: 'agent' } });
  expect(await refused({ as: 'agent', delegation: 'dlg_unknown234' })).toBe('NOT_DELEGATED DELEGATION_MISSING');
  await watched.call(revokeDelegation, { delegationId: delegation.id, reason });
  expect(await refused(agent)).toBe('NOT_DELEGATED DELEGATION_REVOKED');
  await write();
});

test('the subject writes until its sessions are ended, which does not end those of who armed it', async () => {
  await write({ as: 'subject' });
  const revocation = (ms: number) => ({ validAfter: later(ms), withdrawn: [] });
  await watched.given(`muster_revocations/${subjectIn(experiment.scope)}`, revocation(-10_000));
  await write({ as: 'subject' });
  await watched.given(`muster_revocations/${subjectIn(experiment.scope)}`, revocation(0));
  expect(await refused({ as: 'subject' })).toBe('UNAUTHENTICATED SESSION_REVOKED');
  await write();
});

test('only who armed it writes, only while it is armed and its lease holds', async () => {
  expect(await refused({}, as('staff', 'uid-other'))).toBe('PERMISSION_DENIED NOT_YOURS');
  expect(await refused({ experimentId: 'exp_unknown234' })).toBe('NOT_FOUND UNKNOWN_EXPERIMENT');
  watched.backend.clock.now = later(LEASE_MS);
  expect(await refused()).toBe('CONFLICT WRONG_STATE');
  watched.backend.clock.now = START;
  await watched.call(finishExperiment, { experimentId: experiment.id, status: 'completed' });
  expect(await refused()).toBe('CONFLICT WRONG_STATE');
});
