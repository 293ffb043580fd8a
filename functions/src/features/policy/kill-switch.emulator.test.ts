import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { calm } from '../../../test/calm';
import { as, HOUR, SCENARIO_ID, START } from '../../../test/harness';
import { expectRequestIdsAreKept, givenAgain } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { FORMER_POLICY } from '@muster/contract/former-release';
import { NORMAL } from '@muster/guard/policy-document';
import { scheduleDrill } from '../drills';
import { enterDegraded, exitDegraded, getPolicy, killCapability, policyLedger, restoreCapability } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(() => calm(watched));
afterAll(() => watched.backend.close());

const later = (ms: number) => new Date(START.getTime() + ms);
const reason = 'the bot opens pull requests by itself';
const inAnHour = later(HOUR).toISOString();
const plan = { scenarioId: SCENARIO_ID, dueAt: '2026-04-15T09:00:00Z' };
const killed = async () => (await watched.call(getPolicy, {}, as('member'))).killSwitches;
const ledger = async () => (await watched.call(policyLedger, {}, as('auditor'))).activations;

describe('killing', () => {
  test('stands at once, says what it covers, and leaves its entry', async () => {
    const answer = await watched.call(killCapability, { capability: 'shipping', reason });
    expect(answer).toMatchObject({
      renewed: false,
      message: 'shipping is killed, until someone restores it.',
      covers: ['shipping.commit', 'shipping.push', 'shipping.pull_request'],
      incident: null,
      killSwitch: { capability: 'shipping', since: START.toISOString(), until: null, by: 'uid-staff', reason },
    });
    expect(watched.entry()).toMatchObject({
      action: 'capability.policy.kill_switch_enabled',
      target: 'policy/current',
      rationale: reason,
      metadata: { capability: 'shipping', activation: answer.killSwitch.activation },
    });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 2, writes: 3 });
    expect(await killed()).toEqual([{ ...answer.killSwitch, endRequest: null }]);
  });

  test.each(['*', 'muster', 'muster.drills', 'muster.drills.schedule'])('%s refuses a guarded write', async (name) => {
    await watched.call(killCapability, { capability: name, reason });
    const refusal = await watched.refused(scheduleDrill, plan);
    expect(refusal).toMatchObject({
      code: 'RESTRICTED',
      message: expect.stringContaining(reason),
      details: {
        reason: 'BLOCKED_BY_KILL_SWITCH',
        capability: 'muster.drills.schedule',
        next: 'Ask staff to restore it (policy-restore).',
      },
    });
  });

  test.each(['shipping', 'muster.drills.sched', 'muster.drills.schedule.more', 'muster.staff'])(
    '%s does not refuse what is not below it',
    async (name) => {
      await watched.call(killCapability, { capability: name, reason });
      await watched.call(scheduleDrill, plan);
    },
  );

  test('again renews: the beginning stays, who and why and until are new, the ledger keeps all', async () => {
    await watched.call(killCapability, { capability: 'shipping', reason });
    watched.backend.clock.now = later(1000);
    const again = { capability: 'shipping', reason: 'it is still not understood', until: inAnHour };
    expect(await watched.call(killCapability, again, as('staff', 'uid-two'))).toMatchObject({
      renewed: true,
      killSwitch: { since: START.toISOString(), until: inAnHour, by: 'uid-two' },
    });
    expect(watched.entry()).toMatchObject({ metadata: { renewed: true } });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 3, writes: 3 });
    expect(await ledger()).toMatchObject([
      {
        name: 'shipping',
        by: 'uid-staff',
        reason,
        until: inAnHour,
        endedAt: null,
        durationMs: 1000,
        renewals: [{ at: later(1000).toISOString(), by: 'uid-two', reason: again.reason, until: inAnHour }],
      },
    ]);
  });

  test('wears off at its time and not before, swept by the schedule or not', async () => {
    await watched.call(killCapability, { capability: '*', reason, until: inAnHour });
    watched.backend.clock.now = later(HOUR - 1);
    await watched.refused(scheduleDrill, plan);
    watched.backend.clock.now = later(HOUR);
    expect(await killed()).toEqual([]);
    await watched.call(scheduleDrill, plan);
    expect(await ledger()).toMatchObject([{ end: 'expired', endedAt: inAnHour, durationMs: HOUR }]);
    // Killed again, it is another activation, and the first one has its end on record.
    await watched.call(killCapability, { capability: '*', reason });
    expect(await ledger()).toMatchObject([{ end: null }, { end: 'expired', endedAt: inAnHour }]);
  });

  test('is possible while everything is restricted, and a mode leaves kill switches alone', async () => {
    await watched.call(enterDegraded, { mode: 'read_only', reason });
    await watched.call(killCapability, { capability: 'shipping', reason });
    await watched.call(exitDegraded, {});
    expect(await killed()).toMatchObject([{ capability: 'shipping' }]);
  });

  test('is never refused for space: a wider name is killed, named, and restored', async () => {
    const standing = { until: null, activation: null, exemptions: {} };
    const entry = { ...standing, since: START, by: 'uid', reason };
    const names = Array.from({ length: 100 }, (_, index) => [`one.n${index}`, entry]);
    await watched.given('muster_policy/current', { ...NORMAL, killSwitches: Object.fromEntries(names) });
    const answer = await watched.call(killCapability, { capability: 'muster.drills.schedule', reason });
    expect(answer).toMatchObject({ binds: 'muster', renewed: false, killSwitch: { capability: 'muster', reason } });
    expect(answer.message).toContain('no room for another name, so this stops muster.drills.schedule');
    expect(watched.entry()).toMatchObject({ metadata: { capability: 'muster', asked: 'muster.drills.schedule' } });
    await watched.refused(scheduleDrill, plan);
    expect(await watched.call(killCapability, { capability: 'one.n5', reason })).toMatchObject({ binds: 'one.n5' });
    expect(await watched.call(killCapability, { capability: '*', reason })).toMatchObject({ binds: '*' });
    await watched.call(restoreCapability, { capability: '*', reason: 'the bot is fixed' });
    // What was asked for is not what stands: restoring that is no way around.
    expect(
      await watched.call(restoreCapability, { capability: 'muster.drills.schedule', reason: 'the bot is fixed' }),
    ).toMatchObject({ restored: false, message: expect.stringContaining('muster') });
    await watched.refused(scheduleDrill, plan);
    expect(await watched.call(restoreCapability, { capability: 'muster', reason: 'the bot is fixed' })).toMatchObject({
      restored: true,
    });
    await watched.call(scheduleDrill, plan);
  });

  test('of an experiment widens to nothing that is not its own', async () => {
    const entry = { until: null, activation: null, exemptions: {}, endRequest: null, since: START, by: 'uid', reason };
    const names = Array.from({ length: 100 }, (_, index) => [`one.n${index}`, entry]);
    await watched.given('muster_policy/current', { ...NORMAL, killSwitches: Object.fromEntries(names) });
    expect(await watched.refused(killCapability, { capability: 'chaos.abcdefghij', reason })).toMatchObject({
      details: { reason: 'TOO_MANY', next: expect.stringContaining('restored') },
    });
    expect(await killed()).toHaveLength(100);
  });

  test('names each field that is wrong', () =>
    expectBadInputIsNamed(watched, killCapability, { capability: 'shipping', reason }, [
      ...NEVER,
      ['no capability', { capability: undefined }, 'capability'],
      ['an empty capability', { capability: '' }, 'capability'],
      ['capital letters', { capability: 'Shipping' }, 'capability'],
      ['a slash', { capability: 'a/b' }, 'capability'],
      ['a word that is empty', { capability: 'a..b' }, 'capability'],
      ['five words', { capability: 'a.b.c.d.e' }, 'capability'],
      ['a star at the end', { capability: 'shipping.*' }, 'capability'],
      ['a prototype', { capability: '__proto__' }, 'capability'],
      ['no reason', { reason: undefined }, 'reason'],
      ['a reason of nine characters', { reason: 'too short' }, 'reason'],
      ['nine characters and spaces', { reason: '  too short   ' }, 'reason'],
      ['an end that is now', { until: START.toISOString() }, 'until'],
      ['a first failure that is not a time', { failedSince: 'before' }, 'failedSince'],
    ]));

  test('is done once for one requestId', () =>
    expectRequestIdsAreKept(watched, killCapability, {
      one: { capability: 'shipping', reason },
      other: { capability: 'firestore', reason },
      forAnotherUser: { capability: 'shipping', reason },
    }));
});

describe('restoring', () => {
  beforeEach(() => watched.call(killCapability, { capability: 'muster', reason }));

  test('lets pass again, at once, and the ledger knows how it ended', async () => {
    await watched.refused(scheduleDrill, plan);
    watched.backend.clock.now = later(5_000);
    const answer = await watched.call(restoreCapability, { capability: 'muster', reason: 'the bot is fixed' });
    expect(answer).toMatchObject({ changed: true, restored: true, end: 'restored', killSwitches: [] });
    expect(answer.message).toBe('muster is restored. Nothing is killed now.');
    expect(watched.entry()).toMatchObject({
      action: 'capability.policy.kill_switch_disabled',
      rationale: 'the bot is fixed',
      metadata: { capability: 'muster' },
    });
    await watched.call(scheduleDrill, plan);
    expect(await ledger()).toMatchObject([
      { end: 'restored', endedBy: 'uid-staff', endReason: 'the bot is fixed', durationMs: 5_000, denied: { total: 1 } },
    ]);
  });

  test('of a name that was not killed is said, changes nothing, and says what is', async () => {
    for (const capability of ['muster.drills', '*', 'shipping']) {
      const answer = await watched.call(restoreCapability, { capability, reason: 'by mistake, surely' });
      expect(answer).toMatchObject({ changed: false, restored: false, killSwitches: [{ capability: 'muster' }] });
      expect(answer.message).toContain('Killed now: muster.');
      expect(watched.changedSomething()).toBe(false);
    }
  });

  test.each([
    ['missing', undefined],
    ['damaged', { version: 4, mode: 'off' }],
  ])('over a policy that is %s restores nothing else: it is rebuilt from what stands', async (_, stored) => {
    await watched.call(killCapability, { capability: 'shipping', reason });
    await watched.call(enterDegraded, { mode: 'offline', reason });
    await watched.given('muster_policy/current', stored);
    const answer = await watched.backend.run(restoreCapability, { capability: 'muster', reason: 'the bot is fixed' });
    await watched.settle();
    expect(answer).toMatchObject({ restored: true, killSwitches: [{ capability: 'shipping', by: 'uid-staff' }] });
    expect((await watched.call(getPolicy, {})).policy).toMatchObject({ mode: 'offline', reason });
  });

  test('where there is none yet, but the one of 0.1.0: nothing begins that would end, in silence, what that restricts', async () => {
    const former = { version: 3, mode: { ...NORMAL.mode, name: 'read_only' }, killSwitches: {}, offline: {} };
    await watched.given('muster_policy/current', undefined);
    await watched.given(FORMER_POLICY, former);
    for (const operation of [killCapability, restoreCapability]) {
      expect(await watched.refused(operation, { capability: 'shipping', reason: 'the bot is fixed' })).toMatchObject({
        code: 'CONFLICT',
        details: { reason: 'FORMER_RELEASE_STANDS', next: expect.stringContaining('docs/operations.md') },
      });
    }
    await watched.given(FORMER_POLICY, { version: 'of our returns', mode: 'strict' });
    await watched.backend.run(killCapability, { capability: 'shipping', reason });
    await watched.given(FORMER_POLICY, undefined);
  });

  test('over a damaged policy and a damaged record of what stood, everything is killed: unknown means no', async () => {
    const { docs } = await watched.backend.firestore.collection('muster_activations').get();
    await watched.given(docs[0]!.ref.path, { ...docs[0]!.data(), name: 7 });
    await watched.given('muster_policy/current', undefined);
    const repaired = await watched.backend.run(restoreCapability, { capability: 'shipping', reason: 'to repair it' });
    await watched.settle();
    expect(repaired).toMatchObject({ restored: false, killSwitches: [{ capability: '*', by: 'muster' }] });
    await watched.call(restoreCapability, { capability: '*', reason: 'seen, and it was nothing' });
    expect(await killed()).toEqual([]);
  });

  test('names each field that is wrong', () =>
    expectBadInputIsNamed(watched, restoreCapability, { capability: 'muster', reason: 'the bot is fixed' }, [
      ...NEVER,
      ['no capability', { capability: undefined }, 'capability'],
      ['a reason of nine characters', { reason: 'too short' }, 'reason'],
      ['a text for breakGlass', { breakGlass: 'yes' }, 'breakGlass'],
    ]));

  test('is done once for one requestId', async () => {
    const request = { capability: 'muster', reason: 'the bot is fixed', requestId: 'restore:1' };
    const first = await watched.call(restoreCapability, request);
    await watched.call(killCapability, { capability: 'muster', reason });
    expect(await watched.call(restoreCapability, request)).toEqual(givenAgain(first));
    expect(await killed()).toHaveLength(1);
  });
});
