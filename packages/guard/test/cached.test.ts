/** Answers from memory, with a clock, a database and a listener that do what the test says. */
import { NORMAL } from '../src/policy-document';
import { BOUND, KILLED, POLICY, SECOND, setUp } from './memory-under-test';

describe('how old an answer may be', () => {
  test('what is not known is denied, read in the background, once however often it is asked, and known then', async () => {
    const { ask, asked, reason } = setUp();
    for (let times = 0; times < 5; times += 1)
      expect(ask()).toMatchObject({ reason: 'POLICY_UNAVAILABLE', ageMs: null });
    expect(asked).toHaveLength(1);
    await asked[0]!.answer({ [POLICY]: NORMAL });
    expect(reason()).toBe('ALLOWED');
  });

  test('an answer says its age, counted from the question, and is none past the bound', async () => {
    const { state, asked, ask, memory } = setUp();
    const reading = memory.refresh([{ path: POLICY, schema: undefined as never }]);
    state.now += 5 * SECOND;
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    await reading;
    expect(ask()).toEqual({ allowed: true, mode: 'normal', ageMs: 5 * SECOND });
    state.now += BOUND - 5 * SECOND;
    expect(ask()).toMatchObject({ allowed: true, ageMs: BOUND });
    state.now += 1;
    expect(ask()).toMatchObject({ reason: 'POLICY_UNAVAILABLE', ageMs: null });
  });

  test('the policy is confirmed three times within the bound, and past half of it by whoever asks', async () => {
    const { state, asked, ask, ticks, tick, watch } = setUp();
    await watch();
    expect(ticks.map(({ ms }) => ms)).toEqual([BOUND / 3]);
    state.now += 10 * SECOND;
    tick();
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(ask()).toMatchObject({ ageMs: 0 });
    state.now += BOUND / 2;
    ask();
    expect(asked).toHaveLength(0);
    state.now += 1;
    ask();
    expect(asked).toHaveLength(1);
  });

  test('what a listener tells is no younger than what was confirmed: it may have been long on its way', async () => {
    const { state, ask, tell, watch } = setUp();
    await watch();
    state.now += 20 * SECOND;
    tell(KILLED, 2);
    expect(ask()).toMatchObject({ reason: 'BLOCKED_BY_KILL_SWITCH', ageMs: 20 * SECOND });
    state.now += 10 * SECOND + 1;
    expect(ask()).toMatchObject({ reason: 'POLICY_UNAVAILABLE', ageMs: null });
  });

  test('a clock that is set back makes nothing younger', async () => {
    const { state, asked, ask, reason, watch } = setUp();
    await watch();
    state.now -= 3_600 * SECOND;
    expect(ask()).toMatchObject({ reason: 'POLICY_UNAVAILABLE', ageMs: null });
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(reason()).toBe('ALLOWED');
    state.now += BOUND + 1;
    expect(reason()).toBe('POLICY_UNAVAILABLE');
  });

  test('sessions and delegations are read with the policy, and bound by the oldest of them', async () => {
    const { state, asked, ask, reason } = setUp();
    const session = { authTime: 500 };
    expect(reason(session)).toBe('POLICY_UNAVAILABLE');
    expect(asked[0]!.wanted).toEqual([POLICY, 'muster_revocations/uid-agent']);
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(reason(session)).toBe('ALLOWED');
    state.now += BOUND / 2 + 1;
    // Asked for again in the background; until it is answered the old answer stands, within the bound.
    expect(reason(session)).toBe('ALLOWED');
    await asked
      .pop()!
      .answer({ [POLICY]: NORMAL, 'muster_revocations/uid-agent': { validAfter: new Date(600_000), withdrawn: [] } });
    expect(ask(session)).toMatchObject({ reason: 'SESSION_REVOKED', ageMs: 0 });
    expect(reason({ owner: 'uid-owner', delegation: 'dlg_aaaa' })).toBe('POLICY_UNAVAILABLE');
    expect(asked[0]!.wanted).toEqual([POLICY, 'muster_delegations/dlg_aaaa', 'muster_revocations/uid-owner']);
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(reason({ owner: 'uid-owner', delegation: 'dlg_aaaa' })).toBe('DELEGATION_MISSING');
  });
});

describe('what arrives in the wrong order', () => {
  test('an old policy that was read does not undo a kill that was told', async () => {
    const { asked, reason, tick, tell, watch } = setUp();
    await watch(NORMAL, 1);
    tick();
    tell(KILLED, 2);
    await asked.pop()!.answer({ [POLICY]: NORMAL }, 1);
    expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('an old policy that is told does not undo a kill that was read, though it has fewer digits', async () => {
    const { reason, tell, watch } = setUp();
    await watch(KILLED, 11);
    tell(NORMAL, 10);
    expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('a read that began before the caller asked is not taken for an answer', async () => {
    const { memory, asked, reason } = setUp();
    reason();
    const refreshed = memory.refresh([{ path: POLICY, schema: undefined as never }]);
    expect(asked).toHaveLength(2);
    await asked[1]!.answer({ [POLICY]: KILLED }, 2);
    await refreshed;
    await asked[0]!.answer({ [POLICY]: NORMAL }, 1);
    expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('what was told is confirmed by a read of the same version, which has fewer digits', async () => {
    const { state, asked, ask, tick, tell, watch } = setUp();
    await watch(NORMAL, 1);
    tell(KILLED, 2);
    state.now += 10 * SECOND;
    tick();
    await asked.pop()!.answer({ [POLICY]: KILLED }, 2);
    expect(ask()).toMatchObject({ reason: 'BLOCKED_BY_KILL_SWITCH', ageMs: 0 });
  });

  test('"no revocation", asked before or with what was found, does not undo the revocation', async () => {
    for (const lead of [5, 0]) {
      const { state, memory, asked, reason } = setUp();
      const revoked = {
        [POLICY]: NORMAL,
        'muster_revocations/uid-agent': { validAfter: new Date(600_000), withdrawn: [] },
      };
      const addresses = [POLICY, 'muster_revocations/uid-agent'].map((path) => ({ path, schema: undefined as never }));
      const early = memory.refresh(addresses);
      state.now += lead;
      const late = memory.refresh(addresses);
      await asked[1]!.answer(revoked);
      await asked[0]!.answer({ [POLICY]: NORMAL });
      await Promise.all([early, late]);
      expect(reason({ authTime: 500 })).toBe('SESSION_REVOKED');
    }
  });

  test('a policy that was deleted is denied at once when told, and when it is read', async () => {
    const told = setUp();
    await told.watch();
    told.tell(undefined, 0);
    expect(told.reason()).toBe('POLICY_UNAVAILABLE');

    const read = setUp();
    await read.watch();
    read.state.now += 1;
    read.tick();
    await read.asked.pop()!.answer({});
    expect(read.reason()).toBe('POLICY_UNAVAILABLE');
  });
});

describe('a listener', () => {
  test('that ends is begun again with the next confirmation, and what an ended one tells is not waited for', async () => {
    const { state, reason, tick, tell, breakListener, watch } = setUp();
    await watch();
    breakListener();
    expect(state.logged).toEqual([expect.stringContaining('listener')]);
    expect(state.listeners).toBe(1);
    tick();
    expect(state.listeners).toBe(2);
    tick();
    expect(state.listeners).toBe(2);
    tell(KILLED, 2);
    expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('that cannot be begun ends no process, and is tried again', async () => {
    const { state, tick, refuseListeners, watch } = setUp();
    refuseListeners(true);
    await watch();
    tick();
    expect(state).toMatchObject({ listeners: 2, listening: 0 });
    refuseListeners(false);
    tick();
    expect(state).toMatchObject({ listeners: 3, listening: 1 });
  });

  test('that falls silent is noticed by the confirmations', async () => {
    const { state, asked, reason, tick, watch } = setUp();
    await watch(NORMAL, 1);
    state.now += 10 * SECOND;
    tick();
    await asked.pop()!.answer({ [POLICY]: KILLED }, 2);
    expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('is stopped with the timer, is begun once, and can be begun again', async () => {
    const { state, ticks, memory, watch } = setUp();
    await watch();
    await watch();
    expect(state).toMatchObject({ listeners: 1, listening: 1 });
    memory.close();
    memory.close();
    expect({ ...state, ticks }).toMatchObject({ listening: 0, ticks: [] });
    await watch();
    expect(state).toMatchObject({ listeners: 2, listening: 1 });
  });
});

describe('a database that does not answer', () => {
  test('answers age, then deny; reads and log lines pause, and all is well again without a restart', async () => {
    const { state, asked, ask, reason, tick, watch } = setUp();
    await watch();
    state.now += 20 * SECOND;
    tick();
    await asked.pop()!.fail();
    expect(ask()).toMatchObject({ allowed: true, ageMs: 20 * SECOND });
    for (let times = 0; times < 1_000; times += 1) reason();
    expect(asked).toHaveLength(0);
    expect(state.logged).toHaveLength(1);
    state.now += SECOND;
    reason();
    await asked.pop()!.fail();
    expect(state.logged).toHaveLength(2);
    state.now += 10 * SECOND;
    expect(reason()).toBe('POLICY_UNAVAILABLE');
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(reason()).toBe('ALLOWED');
  });

  test('watching says so, goes on, and denies until it is known', async () => {
    const { asked, state, memory, reason, tick } = setUp();
    const watching = memory.watch();
    const failed = expect(watching).rejects.toThrow('down');
    await asked.pop()!.fail();
    await failed;
    expect(state.listening).toBe(1);
    tick();
    await asked.pop()!.answer({ [POLICY]: NORMAL });
    expect(reason()).toBe('ALLOWED');
  });
});

test('no caller makes it remember or read without end', async () => {
  const { asked, reason, watch } = setUp();
  await watch();
  for (let caller = 0; caller < 5_000; caller += 1) reason({ actor: `uid-${caller}`, authTime: 500 });
  expect(asked.length).toBeLessThanOrEqual(1_000);
  await Promise.all(asked.splice(0).map((one) => one.answer({ [POLICY]: NORMAL })));
  // The policy stays, whoever else has to go.
  expect(reason()).toBe('ALLOWED');
  expect(reason({ actor: 'uid-998', authTime: 500 })).toBe('ALLOWED');
  expect(reason({ actor: 'uid-4999', authTime: 500 })).toBe('POLICY_UNAVAILABLE');
  await asked.pop()!.answer({});
  expect(reason({ actor: 'uid-4999', authTime: 500 })).toBe('ALLOWED');
  expect(reason({ actor: 'uid-0', authTime: 500 })).toBe('POLICY_UNAVAILABLE');
});

test.each([
  { actor: '' },
  { actor: undefined },
  { authTime: Number.NaN },
  { authTime: '1' },
  { owner: 42 },
  { owner: 'a/b' },
])('a request with %j is refused, also where another of the same capability was answered', async (wrong) => {
  const { ask, reason, asked, watch } = setUp();
  await watch();
  expect(reason()).toBe('ALLOWED');
  reason({ authTime: 500 });
  await asked.pop()!.answer({});
  expect(reason({ authTime: 500 })).toBe('ALLOWED');
  expect(() => ask(wrong)).toThrow(/not valid/u);
  expect(asked).toHaveLength(0);
});
