import { calm } from '../../../test/calm';
import { as, HOUR, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import {
  enterDegraded,
  exitDegraded,
  getPolicy,
  killCapability,
  policyLedger,
  restoreCapability,
  setKillSwitch,
} from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend({ twoPersons: true });
});
beforeEach(async () => {
  await calm(watched);
  await watched.call(killCapability, { capability: 'shipping', reason });
});
afterAll(() => watched.backend.close());

const reason = 'the bot opens pull requests by itself';
const ask = { capability: 'shipping', reason: 'the bot is fixed, they say' };
const one = as('staff', 'uid-one');
const two = as('staff', 'uid-two');
const killed = async () => (await watched.call(getPolicy, {})).killSwitches;

test('one person kills; the first to restore only asks, and that is no success', async () => {
  const answer = await watched.call(restoreCapability, ask, one);
  expect(answer).toMatchObject({ changed: true, restored: false, end: null });
  expect(answer.message).toContain('still killed: another staff member must restore it too');
  expect(watched.entry()).toMatchObject({ action: 'capability.policy.kill_switch_restore_requested' });
  expect(await killed()).toMatchObject([{ endRequest: { by: 'uid-one', reason: ask.reason } }]);
});

test('nobody approves what they asked for, not as an admin either', async () => {
  await watched.call(restoreCapability, ask, one);
  expect(await watched.refused(restoreCapability, ask, one)).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'SECOND_PERSON_NEEDED' },
  });
  await watched.call(killCapability, { capability: 'firestore', reason });
  await watched.call(restoreCapability, { ...ask, capability: 'firestore' }, as('admin'));
  await watched.refused(restoreCapability, { ...ask, capability: 'firestore' }, as('admin'));
  expect(await killed()).toHaveLength(2);
});

test('a second person restores, and the entry names both', async () => {
  await watched.call(restoreCapability, ask, one);
  expect(await watched.call(restoreCapability, ask, two)).toMatchObject({ restored: true, end: 'restored' });
  expect(watched.entry()).toMatchObject({ actorId: 'uid-two', metadata: { requestedBy: 'uid-one' } });
  expect(await killed()).toEqual([]);
});

test('a request lasts a day, and killing again puts an end to it', async () => {
  await watched.call(restoreCapability, ask, one);
  watched.backend.clock.now = new Date(START.getTime() + 24 * HOUR + 1000);
  expect(await watched.call(restoreCapability, ask, two)).toMatchObject({ restored: false });
  await watched.call(killCapability, { capability: 'shipping', reason });
  expect(await watched.call(restoreCapability, ask, one)).toMatchObject({ restored: false });
});

test('an admin breaks the glass alone: marked in the audit and the ledger, and told to the log', async () => {
  expect(await watched.refused(restoreCapability, { ...ask, breakGlass: true }, one)).toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const answer = await watched.call(restoreCapability, { ...ask, breakGlass: true }, as('admin'));
  expect(answer).toMatchObject({ restored: true, end: 'break_glass' });
  expect(watched.entry()).toMatchObject({ metadata: { breakGlass: true } });
  expect((await watched.call(policyLedger, {})).activations).toMatchObject([{ end: 'break_glass' }]);
  const log = watched.backend.logged.map((line) => JSON.parse(line) as { severity: string; message: string });
  expect(log).toContainEqual(expect.objectContaining({ severity: 'CRITICAL' }));
});

test('nobody shortens alone what two persons end: the later end holds', async () => {
  const soon = new Date(START.getTime() + 1000).toISOString();
  const renewed = await watched.call(killCapability, { capability: 'shipping', reason, until: soon }, one);
  expect(renewed.killSwitch.until).toBeNull();
  await watched.call(enterDegraded, { mode: 'read_only', reason });
  expect(await watched.call(enterDegraded, { mode: 'read_only', reason, until: soon }, one)).toMatchObject({
    policy: { until: null },
  });
});

test('a mode is ended by two as well, and no laxer one is put in its place by one', async () => {
  await watched.call(enterDegraded, { mode: 'read_only', reason });
  for (const mode of ['offline', 'degraded']) {
    expect(await watched.refused(enterDegraded, { mode, reason }, one)).toMatchObject({
      details: { reason: 'SECOND_PERSON_NEEDED' },
    });
  }
  expect(await watched.call(exitDegraded, {}, one)).toMatchObject({ changed: false, policy: { mode: 'read_only' } });
  await watched.refused(exitDegraded, {}, one);
  expect(await watched.call(exitDegraded, {}, two)).toMatchObject({ changed: true, policy: { mode: 'normal' } });
  expect(watched.entry()).toMatchObject({ metadata: { requestedBy: 'uid-one' } });
});

test('everything at once is restored by two as well', async () => {
  await watched.call(setKillSwitch, { enabled: true, rationale: reason }, one);
  const asked = await watched.call(setKillSwitch, { enabled: false, rationale: ask.reason }, one);
  expect(asked).toMatchObject({ enabled: true });
  const done = await watched.call(setKillSwitch, { enabled: false, rationale: ask.reason }, two);
  expect(done).toMatchObject({ enabled: false });
});

test('a damaged policy is no way around the second person', async () => {
  await watched.given('muster_policy/current', undefined);
  await watched.backend.run(exitDegraded, {}, one);
  await watched.settle();
  expect(await killed()).toMatchObject([{ capability: 'shipping' }]);
});

test('whoever was revoked since is nobody’s first person: what they asked for is asked for anew', async () => {
  await watched.call(enterDegraded, { mode: 'read_only', reason });
  await watched.call(restoreCapability, ask, one);
  await watched.call(exitDegraded, {}, one);
  await watched.given('muster_revocations/uid-one', {
    validAfter: new Date(START.getTime() + 1000),
    withdrawn: ['staff'],
  });
  expect(await watched.call(restoreCapability, ask, two)).toMatchObject({ restored: false });
  expect(await watched.call(exitDegraded, {}, two)).toMatchObject({ changed: false });
  await watched.given('muster_revocations/uid-one', undefined);
});

test('an admin breaks the glass of a mode, and the log is told', async () => {
  await watched.call(enterDegraded, { mode: 'read_only', reason });
  const logged = watched.backend.logged.length;
  expect(await watched.call(exitDegraded, { breakGlass: true }, as('admin'))).toMatchObject({ end: 'break_glass' });
  expect(watched.backend.logged.slice(logged).join()).toContain('a mode was ended by breaking the glass');
});
