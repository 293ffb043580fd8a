import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { calm } from '../../../test/calm';
import { as, HOUR, START } from '../../../test/harness';
import { expectRequestIdsAreKept, givenAgain } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { enterDegraded, exitDegraded, getPolicy, recordDegraded } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(() => calm(watched));
afterAll(() => watched.backend.close());

const NOTHING_ON = { mode: 'normal', since: null, until: null, by: null, reason: null };
const inAnHour = new Date(START.getTime() + HOUR).toISOString();
const standing = async () => (await watched.call(getPolicy, {}, as('member'))).policy;

describe('entering a degraded mode', () => {
  test.each(['degraded', 'read_only', 'offline'])('%s is on for everyone at once', async (mode) => {
    const answer = await watched.call(enterDegraded, {
      mode,
      reason: 'a storm',
      details: 'all of it',
      until: inAnHour,
    });
    const policy = { mode, since: START.toISOString(), until: inAnHour, by: 'uid-staff', reason: 'a storm' };
    expect(answer).toEqual({ changed: true, renewed: false, replaced: null, policy });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 2, writes: 3 });
    expect(await standing()).toEqual(policy);
  });

  test('leaves an entry with the fields that existing clients read', async () => {
    await watched.call(enterDegraded, { mode: 'offline', reason: 'a storm', details: 'all of it', until: inAnHour });
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.degraded_mode_entered',
      actorType: 'staff',
      target: 'policy/current',
      rationale: 'a storm',
      exercise: false,
      metadata: { status: 'entered', mode: 'offline', reason: 'a storm', details: 'all of it', until: inAnHour },
    });
  });

  test('that is on renews it and says so', async () => {
    await watched.call(enterDegraded, { mode: 'offline', reason: 'a storm' });
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    const { renewed, policy } = await watched.call(enterDegraded, { mode: 'offline', reason: 'still' });
    expect({ renewed, since: policy.since, reason: policy.reason }).toEqual({
      renewed: true,
      since: START.toISOString(),
      reason: 'still',
    });
    expect(watched.entry().metadata['renewed']).toBe(true);
  });

  test('is possible in read_only and over a damaged policy: what ends an emergency is never forbidden', async () => {
    await watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm' });
    const { replaced } = await watched.call(enterDegraded, { mode: 'degraded', reason: 'less of a storm' });
    // One mode at a time: what another one forbade is allowed again, and that is said.
    expect(replaced).toBe('read_only');
    expect(watched.entry().metadata).toMatchObject({ mode: 'degraded', replaced: 'read_only' });
    await watched.given('muster_policy/current', { version: 7 });
    await watched.call(enterDegraded, { mode: 'offline', reason: 'a storm' });
    expect((await standing()).mode).toBe('offline');
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, enterDegraded, { mode: 'offline', reason: 'why' }, [
      ...NEVER,
      ['no mode', { mode: undefined }, 'mode'],
      ['the mode normal', { mode: 'normal' }, 'mode'],
      ['a mode that is a list', { mode: ['offline'] }, 'mode'],
      ['no reason', { reason: undefined }, 'reason'],
      ['an empty reason', { reason: '' }, 'reason'],
      ['details of 4001 characters', { details: 'x'.repeat(4001) }, 'details'],
      ['an end that is now', { until: START.toISOString() }, 'until'],
      ['an end that is not a time', { until: 'tomorrow' }, 'until'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, enterDegraded, {
      one: { mode: 'offline', reason: 'why' },
      other: { mode: 'degraded', reason: 'why' },
      forAnotherUser: { mode: 'offline', reason: 'why' },
    });
  });
});

describe('ending a degraded mode', () => {
  beforeEach(() => watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm' }));

  test('ends it for everyone, with an entry that names it', async () => {
    const answer = await watched.call(exitDegraded, { reason: 'over', details: 'calm' });
    expect(answer).toEqual({
      changed: true,
      end: 'exited',
      message: 'The mode read_only has ended.',
      policy: NOTHING_ON,
    });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 3, writes: 3 });
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.degraded_mode_exited',
      rationale: 'over',
      metadata: { status: 'exited', mode: 'read_only', reason: 'over', details: 'calm' },
    });
    expect(await standing()).toEqual(NOTHING_ON);
  });

  test('that is not on is said, is no error and changes nothing', async () => {
    expect(await watched.call(exitDegraded, { mode: 'offline' })).toMatchObject({
      changed: false,
      message: 'The mode that is on is read_only, not offline; it stays on.',
      policy: { mode: 'read_only' },
    });
    expect(watched.changedSomething()).toBe(false);
    await watched.call(exitDegraded, {});
    expect(await watched.call(exitDegraded, {})).toMatchObject({ changed: false, policy: NOTHING_ON });
    expect(watched.changedSomething()).toBe(false);
  });

  test.each([
    ['missing', undefined],
    ['damaged', { version: 1, mode: 'off' }],
  ])('only stores the policy again when it is %s: the mode stays, unless it is named', async (_, stored) => {
    await watched.given('muster_policy/current', stored);
    expect(await watched.call(exitDegraded, {})).toMatchObject({
      changed: true,
      message: expect.stringContaining('can be read again. The mode read_only is on, as before.'),
      policy: { mode: 'read_only' },
    });
    await watched.given('muster_policy/current', stored);
    expect(await watched.call(exitDegraded, { mode: 'read_only' })).toMatchObject({
      changed: true,
      policy: NOTHING_ON,
    });
    await watched.given('muster_policy/current', stored);
    expect(await watched.call(exitDegraded, {})).toMatchObject({ changed: true, policy: NOTHING_ON });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, exitDegraded, {}, [
      ...NEVER,
      ['the mode normal', { mode: 'normal' }, 'mode'],
      ['a reason that is a number', { reason: 1 }, 'reason'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await watched.call(exitDegraded, { requestId: 'exit:1' });
    await watched.call(enterDegraded, { mode: 'offline', reason: 'again' });
    expect(await watched.call(exitDegraded, { requestId: 'exit:1' })).toMatchObject({
      changed: false,
      repeated: true,
    });
    expect((await standing()).mode).toBe('offline');
  });

  test('that was not on is answered the same again for its requestId, though one is on by now', async () => {
    await watched.call(exitDegraded, {});
    const first = await watched.call(exitDegraded, { requestId: 'exit:2' });
    await watched.call(enterDegraded, { mode: 'offline', reason: 'again' });
    expect(await watched.call(exitDegraded, { requestId: 'exit:2' })).toEqual(givenAgain(first));
    expect((await standing()).mode).toBe('offline');
  });
});

describe('the policy', () => {
  test('is told to anyone who is signed in, and an expired mode is not told as if it were on', async () => {
    await watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm', until: inAnHour });
    watched.backend.clock.now = new Date(START.getTime() + HOUR - 1000);
    expect((await standing()).mode).toBe('read_only');
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    expect(await standing()).toEqual(NOTHING_ON);
  });

  test('that is missing or damaged is not answered as normal', async () => {
    for (const stored of [undefined, { version: 1, mode: { name: 'calm' } }]) {
      await watched.given('muster_policy/current', stored);
      expect(await watched.refused(getPolicy, {}, as('member'))).toMatchObject({
        code: 'UNAVAILABLE',
        details: { reason: 'POLICY_UNAVAILABLE' },
      });
    }
  });

  test('takes no fields', () => expectBadInputIsNamed(watched, getPolicy, {}, [['a key', { mode: 'x' }, 'mode']]));
});

describe('a mode recorded over HTTP', () => {
  test('is entered and ended in the words of existing clients, who need not give a reason', async () => {
    expect(await watched.call(recordDegraded, { status: 'entered', mode: 'offline' })).toMatchObject({
      changed: true,
      policy: { mode: 'offline', until: null },
    });
    const posted = { mode: 'offline', reason: 'over', details: 'calm' };
    await watched.call(recordDegraded, { status: 'exited', ...posted, rationale: 'as agreed' });
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.degraded_mode_exited',
      rationale: 'as agreed',
      metadata: { status: 'exited', ...posted },
    });
    expect(await watched.call(recordDegraded, { status: 'exited', mode: 'offline' })).toMatchObject({ changed: false });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, recordDegraded, { status: 'entered', mode: 'offline' }, [
      ...NEVER,
      ['no status', { status: undefined }, 'status'],
      ['another status', { status: 'paused' }, 'status'],
      ['no mode', { mode: undefined }, 'mode'],
      ['another mode', { mode: 'panic' }, 'mode'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, recordDegraded, {
      one: { status: 'entered', mode: 'offline' },
      other: { status: 'exited', mode: 'offline' },
      forAnotherUser: { status: 'entered', mode: 'offline' },
    });
  });
});
