/** All that sets the one policy of the running suite stands in this file, so that no other test meets its modes. */
import { NORMAL } from '../../../guard/src/policy-document';
import { HOUR } from '../harness';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterEach(() => suite.firestore.doc('policy/current').set(NORMAL));
afterAll(() => suite.close());

const now = Date.now();
const at = (hours: number) => new Date(now + hours * HOUR);
const mode = async () => (await suite.call('policy-get', {}, staff)).policy.mode;
/** What a run did, but for the minutes that it closed: other tests of the suite are refused at the same time. */
const ranAt = async (time: Date) =>
  (await suite.entries({ correlationId: `policy_expire@${time.toISOString()}` }))
    .map(({ action }) => action)
    .filter((action) => action !== 'capability.refusals_counted');

describe('policy-expire', () => {
  test('ends a mode whose time has come, with one entry, and leaves it alone before', async () => {
    await suite.call('policy-enterDegraded', { mode: 'degraded', reason: 'why', until: at(1).toISOString() }, staff);
    expect(await suite.fire('policy-expire', at(0.9))).toBe(200);
    expect(await mode()).toBe('degraded');
    expect(await ranAt(at(0.9))).toEqual(['jobs.policy_expire.ran']);

    await Promise.all(Array.from({ length: 8 }, () => suite.fire('policy-expire', at(1))));
    await suite.fire('policy-expire', at(1));
    expect(await mode()).toBe('normal');
    expect((await ranAt(at(1))).toSorted()).toEqual(['jobs.policy_expire.ran', 'studio_ops.degraded_mode_exited']);
  });

  test('is not what frees the writes: an expired mode binds no one before it has run', async () => {
    const plan = { scenarioId: suite.scenarioId, dueAt: at(100).toISOString() };
    const readOnly = { ...NORMAL.mode, name: 'read_only', since: at(-2), reason: 'a storm' };
    await suite.firestore.doc('policy/current').set({ ...NORMAL, mode: { ...readOnly, until: at(-1) } });

    await suite.call('drills-schedule', plan, staff);
    expect(await mode()).toBe('normal');
    expect((await suite.firestore.doc('policy/current').get()).get('mode.name')).toBe('read_only');

    await suite.fire('policy-expire', at(0));
    expect((await suite.firestore.doc('policy/current').get()).get('mode.name')).toBe('normal');
    expect(await ranAt(at(0))).toContain('studio_ops.degraded_mode_exited');
  });
});

describe('posture-canary', () => {
  test('proves the armed switch on the deployed functions and rules, once for one time', async () => {
    const before = Date.now();
    const time = at(0.5);
    expect(await suite.fire('posture-canary', time)).toBe(200);
    await Promise.all(Array.from({ length: 4 }, () => suite.fire('posture-canary', time)));

    const { controls } = await suite.call('posture-get', {}, staff);
    expect(controls).toMatchObject([{ control: 'armed-switch', state: 'proven', stale: false, finding: null }]);
    expect(Date.parse(controls[0]!.lastProvenAt!)).toBeGreaterThanOrEqual(before);
    const entries = await suite.entries({ correlationId: `posture_canary@${time.toISOString()}` });
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      'capability.policy.kill_switch_disabled',
      'capability.policy.kill_switch_enabled',
      'posture.canary_began',
      'posture.canary_ran',
    ]);
    expect((await suite.call('policy-get', {}, staff)).killSwitches).toEqual([]);
  });
});

describe('POST /api/ops/degraded', () => {
  const record = (body: object, headers: Record<string, string> = {}) =>
    ask('POST /api/ops/degraded', { authorization: staff.authorization, body: JSON.stringify(body), headers });

  test('enters and ends a mode, and the audit has the fields as they were posted', async () => {
    const requestId = `${suite.mark}-degraded`;
    const words = { mode: 'offline', reason: 'a storm', details: 'all of it' };
    const entered = await record(
      { status: 'entered', ...words, rationale: 'as agreed' },
      { 'x-request-id': requestId },
    );
    expect({ status: entered.status, json: entered.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, policy: { mode: 'offline' } },
    });
    const exited = await record({ status: 'exited', ...words }, { 'x-request-id': requestId });
    expect({ status: exited.status, json: exited.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: true },
    });

    const again = await record({ status: 'exited', ...words }, { 'x-request-id': requestId });
    expect({ status: again.status, json: again.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: false },
    });

    const rows = await suite.entries({ correlationId: requestId });
    expect(rows.map(({ action, rationale, metadata }) => ({ action, rationale, metadata }))).toEqual([
      {
        action: 'studio_ops.degraded_mode_exited',
        rationale: 'a storm',
        metadata: { status: 'exited', ...words },
      },
      {
        action: 'studio_ops.degraded_mode_entered',
        rationale: 'as agreed',
        metadata: { status: 'entered', ...words },
      },
    ]);
  });

  test('refuses any other status, and a mode that is none, by name', async () => {
    for (const [body, field] of [
      [{ status: 'paused', mode: 'offline' }, 'status'],
      [{ mode: 'offline' }, 'status'],
      [{ status: 'entered' }, 'mode'],
      [{ status: 'entered', mode: 'normal' }, 'mode'],
    ] as const) {
      expect(refusalIn(await record(body))).toMatchObject({ status: 400, ok: false, fields: [field] });
    }
  });
});
