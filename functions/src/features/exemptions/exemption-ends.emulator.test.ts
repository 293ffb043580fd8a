/** How an exemption ends: law 2 at the data, with its restriction, and never beyond it. */
import { guardedWrite, refusedAtCommit } from '../../../test/guarded-worker';
import { as, HOUR, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { GuardRequest } from '@muster/guard/decision';
import { NORMAL } from '@muster/guard/policy-document';
import { enterDegraded, exitDegraded, killCapability, restoreCapability } from '../policy';
import { grantExemption, listExemptions, revokeExemption } from '.';

const CAPABILITY = 'shipping.commit';
const shipping: GuardRequest = { capability: CAPABILITY, actor: 'ada' };
const reason = 'it misbehaves badly';
const exemption = {
  owner: 'ada',
  capability: CAPABILITY,
  justification: 'one last shipment',
  until: new Date(START.getTime() + HOUR).toISOString(),
};

let watched: Watched;
let twoPersons: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
  twoPersons = await watchedBackend({ twoPersons: true });
});
beforeEach(async () => {
  watched.backend.clock.now = START;
  twoPersons.backend.clock.now = START;
  for (const one of [watched, twoPersons]) await one.given('muster_policy/current', NORMAL);
});
afterEach(() => watched.settle());
afterAll(() => Promise.all([watched.backend.close(), twoPersons.backend.close()]));

const kill = (capability: string) => watched.call(killCapability, { capability, reason });
const restore = (capability: string) => watched.call(restoreCapability, { capability, reason });
const grant = async () => (await watched.call(grantExemption, exemption)).exemption;
const revoke = (exemptionId: string) => watched.call(revokeExemption, { exemptionId, reason: 'enough' });
/** What becomes of a write under the guard, made after all of the above. */
const shipped = async (): Promise<string> => {
  try {
    await guardedWrite(watched.backend, shipping);
    return 'shipped';
  } catch (error) {
    return (error as { details: { reason: string } }).details.reason;
  } finally {
    await watched.settle();
  }
};

describe('law 2: what was allowed by an exemption does not commit once its end is acknowledged', () => {
  beforeEach(() => kill('shipping'));

  test('when it was revoked after the work had been allowed', async () => {
    const { id } = await grant();
    expect(await refusedAtCommit(watched.backend, shipping, () => revoke(id))).toMatchObject({
      code: 'RESTRICTED',
      details: { reason: 'BLOCKED_BY_KILL_SWITCH' },
    });
  });

  test('when everything was killed after the work had been allowed', async () => {
    await grant();
    expect(await refusedAtCommit(watched.backend, shipping, () => kill('*'))).toMatchObject({
      details: { reason: 'BLOCKED_BY_KILL_SWITCH' },
      message: expect.stringContaining('Everything is killed'),
    });
  });

  test('while one that is granted to somebody else only has it decided again', async () => {
    await grant();
    const other = () => watched.call(grantExemption, { ...exemption, owner: 'bob' });
    expect(await guardedWrite(watched.backend, shipping, other)).toEqual({ attempts: 2 });
  });
});

describe('an exemption', () => {
  test('does not pierce what is killed later, by whatever name', async () => {
    await kill('shipping');
    await grant();
    expect(await shipped()).toBe('shipped');
    for (const name of ['*', CAPABILITY]) {
      await kill(name);
      expect(await shipped()).toBe('BLOCKED_BY_KILL_SWITCH');
      await restore(name);
      expect(await shipped()).toBe('shipped');
    }
    await watched.call(enterDegraded, { mode: 'offline', reason });
    expect(await shipped()).toBe('DEGRADED_MODE');
  });

  test('ends with the kill switch that it is from: the next one of that name binds its owner', async () => {
    await kill('shipping');
    await grant();
    await restore('shipping');
    await kill('shipping');
    expect(await shipped()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('ends with a kill switch that wore off, whether or not a run has ended it', async () => {
    const until = new Date(START.getTime() + HOUR / 2).toISOString();
    await watched.call(killCapability, { capability: 'shipping', reason, until });
    await grant();
    watched.backend.clock.now = new Date(until);
    await kill('shipping');
    expect(await shipped()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('outlives a renewal of what it is from', async () => {
    await kill('shipping');
    await grant();
    expect((await kill('shipping')).renewed).toBe(true);
    expect(await shipped()).toBe('shipped');
  });

  test('from a mode outlives its renewal and ends with it, or when another mode replaces it', async () => {
    const enter = (mode: string) => watched.call(enterDegraded, { mode, reason });
    await enter('read_only');
    const { id } = await grant();
    await enter('read_only');
    expect(await shipped()).toBe('shipped');
    await enter('offline');
    expect(await shipped()).toBe('DEGRADED_MODE');
    await enter('read_only');
    expect(await shipped()).toBe('DEGRADED_MODE');
    await revoke(id);
    await grant();
    expect(await shipped()).toBe('shipped');
    await watched.call(exitDegraded, { reason });
    await enter('read_only');
    expect(await shipped()).toBe('DEGRADED_MODE');
  });
});

test('with all the kill switches and exemptions that there can be, of the longest words, everything can be killed', async () => {
  const longest = '\u20ac'.repeat(1000);
  const uid = (index: number) => String(index).padStart(4, '0') + '\u{1f600}'.repeat(124);
  const request = { by: uid(0), at: START, reason: longest };
  const standing = { since: START, until: null, by: uid(0), reason: longest, activation: null, endRequest: request };
  const name = (index: number) => `${index}`.padStart(100, 'n');
  const exemptions = (count: number, from: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        uid(from + index),
        { [name(0)]: { id: 'exm_'.padEnd(24, 'x'), until: START } },
      ]),
    );
  const switches = Array.from({ length: 100 }, (_, index) => [
    name(index),
    { ...standing, exemptions: exemptions(index < 4 ? 100 : 0, index * 100) },
  ]);
  await watched.given('muster_policy/current', {
    version: 4,
    offline: {},
    mode: { ...standing, name: 'read_only', exemptions: {} },
    killSwitches: Object.fromEntries(switches),
  });
  await watched.call(killCapability, { capability: '*', reason: longest }, as('staff', uid(1)));
  expect(await shipped()).toBe('BLOCKED_BY_KILL_SWITCH');
});

describe('where two persons end a restriction', () => {
  test('nobody exempts themselves from it, not even an admin, but each may exempt the other', async () => {
    await twoPersons.call(killCapability, { capability: 'shipping', reason });
    for (const caller of [as('staff', 'uid-one'), as('admin', 'uid-one')]) {
      expect(await twoPersons.refused(grantExemption, { ...exemption, owner: 'uid-one' }, caller)).toMatchObject({
        code: 'CONFLICT',
        details: { reason: 'SECOND_PERSON_NEEDED', next: expect.not.stringContaining('breakGlass') },
      });
    }
    const forOne = { ...exemption, owner: 'uid-one' };
    await twoPersons.call(grantExemption, forOne, as('staff', 'uid-two'));
    const { exemption: granted } = await twoPersons.call(grantExemption, forOne, as('staff', 'uid-three'));
    expect(granted).toMatchObject({ owner: 'uid-one', grantedBy: 'uid-three', state: 'active' });
    // What restricts again takes one person, also the one it is about.
    expect(
      await twoPersons.call(revokeExemption, { exemptionId: granted.id, reason: 'enough' }, as('staff', 'uid-one')),
    ).toMatchObject({ changed: true });
  });

  test('and where one is enough, nobody exempts themselves either: they may restore', async () => {
    await kill('shipping');
    expect(await watched.refused(grantExemption, { ...exemption, owner: 'uid-staff' })).toMatchObject({
      details: { reason: 'SECOND_PERSON_NEEDED' },
    });
    await watched.call(grantExemption, exemption);
  });

  test('the first only asks, a second grants, and the earlier end counts; the record names both', async () => {
    await twoPersons.call(killCapability, { capability: 'shipping', reason });
    const soon = new Date(START.getTime() + 60_000).toISOString();
    const first = await twoPersons.call(grantExemption, { ...exemption, until: soon }, as('staff', 'uid-one'));
    expect(first).toMatchObject({
      exemption: { state: 'waiting', grantedBy: null, requestedBy: 'uid-one' },
      end: null,
    });
    expect(first.message).toContain('another staff member must grant the same');
    expect(twoPersons.entry()).toMatchObject({ action: 'capability.exemption_requested', actorId: 'uid-one' });
    expect(await twoPersons.refused(grantExemption, exemption, as('staff', 'uid-one'))).toMatchObject({
      details: { reason: 'SECOND_PERSON_NEEDED' },
    });
    const second = await twoPersons.call(grantExemption, exemption, as('staff', 'uid-two'));
    expect(second.exemption).toMatchObject({
      ...{ id: first.exemption.id, state: 'active', until: soon },
      ...{ grantedBy: 'uid-two', requestedBy: 'uid-one' },
    });
    expect(twoPersons.entry()).toMatchObject({
      action: 'capability.exemption_granted',
      metadata: { requestedBy: 'uid-one' },
    });
    const stored = (await twoPersons.backend.firestore.doc('muster_policy/current').get()).get('killSwitches');
    expect(Object.values(stored.shipping.exemptions[exemption.owner])).toMatchObject([{ by: ['uid-two', 'uid-one'] }]);
  });

  test('a request waits for a day, and whoever was revoked since is nobody’s first person', async () => {
    const long = { ...exemption, until: new Date(START.getTime() + 3 * 24 * HOUR).toISOString() };
    await twoPersons.call(killCapability, { capability: 'shipping', reason });
    const first = await twoPersons.call(grantExemption, long, as('staff', 'uid-one'));
    twoPersons.backend.clock.now = new Date(START.getTime() + 24 * HOUR + 1000);
    expect(await twoPersons.call(grantExemption, long, as('staff', 'uid-two'))).toMatchObject({
      exemption: { state: 'waiting', requestedBy: 'uid-two' },
    });
    const { exemptions } = await twoPersons.call(listExemptions, {});
    expect(exemptions.find(({ id }) => id === first.exemption.id)).toMatchObject({ state: 'expired' });
    await twoPersons.given('muster_revocations/uid-two', {
      validAfter: new Date(START.getTime() + 25 * HOUR),
      withdrawn: ['staff'],
    });
    expect(await twoPersons.call(grantExemption, long, as('staff', 'uid-three'))).toMatchObject({
      exemption: { state: 'waiting', requestedBy: 'uid-three' },
    });
    await twoPersons.given('muster_revocations/uid-two', undefined);
  });

  test('an admin breaks the glass: granted alone, marked, and told to the log', async () => {
    await twoPersons.call(killCapability, { capability: 'shipping', reason });
    expect(
      await twoPersons.refused(grantExemption, { ...exemption, breakGlass: true }, as('staff', 'uid-one')),
    ).toMatchObject({ code: 'PERMISSION_DENIED' });
    const answer = await twoPersons.call(grantExemption, { ...exemption, breakGlass: true }, as('admin'));
    expect(answer).toMatchObject({ end: 'break_glass', exemption: { state: 'active' } });
    expect(twoPersons.entry()).toMatchObject({ metadata: { breakGlass: true } });
    expect(twoPersons.backend.logged.join()).toContain('an exemption was granted by breaking the glass');
  });
});
