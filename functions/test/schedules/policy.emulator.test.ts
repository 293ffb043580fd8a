/**
 * All that sets the mode of the running suite stands in this file, so that no other test meets it. The rest of the policy, and
 * the times that others go by, are theirs: nothing here forbids a write, wipes the policy, or runs a schedule ahead of time.
 */
import { NORMAL } from '@muster/guard/policy-document';
import { HOUR } from '../harness';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterEach(() => policy().update({ mode: NORMAL.mode }));
afterAll(() => suite.close());

const policy = () => suite.firestore.doc('muster_policy/current');
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR);
const mode = async () => (await suite.call('policy-get', {}, staff)).policy.mode;
/** What a run did to the mode. */
const ranAt = async (time: Date) =>
  (await suite.entries({ correlationId: `policy_expire@${time.toISOString()}` }))
    .map(({ action }) => action)
    .filter((action) => /^(?:studio_ops|jobs)\./u.test(action));

describe('policy-expire', () => {
  test('ends a mode whose time has come, with one entry, and leaves it alone before', async () => {
    const until = inHours(1).toISOString();
    await suite.call('policy-enterDegraded', { mode: 'degraded', reason: 'why', until }, staff);
    const early = inHours(0);
    expect(await suite.fire('policy-expire', early)).toBe(200);
    expect(await mode()).toBe('degraded');
    expect(await ranAt(early)).toEqual(['jobs.policy_expire.ran']);

    const due = inHours(0);
    await policy().update({ 'mode.until': due });
    await Promise.all(Array.from({ length: 8 }, () => suite.fire('policy-expire', due)));
    await suite.fire('policy-expire', due);
    expect((await policy().get()).get('mode.name')).toBe('normal');
    expect((await ranAt(due)).toSorted()).toEqual(['jobs.policy_expire.ran', 'studio_ops.degraded_mode_exited']);
  });

  test('is not what frees the writes: an expired mode binds no one before it has run', async () => {
    const plan = { scenarioId: suite.scenarioId, dueAt: inHours(100).toISOString() };
    const readOnly = { ...NORMAL.mode, name: 'read_only', since: inHours(-2), reason: 'a storm' };
    await policy().update({ mode: { ...readOnly, until: inHours(-1) } });

    await suite.call('drills-schedule', plan, staff);
    expect(await mode()).toBe('normal');
    expect((await policy().get()).get('mode.name')).toBe('read_only');

    const now = inHours(0);
    await suite.fire('policy-expire', now);
    expect((await policy().get()).get('mode.name')).toBe('normal');
    expect(await ranAt(now)).toContain('studio_ops.degraded_mode_exited');
  });
});

describe('posture-canary', () => {
  test('proves the armed switch on the deployed functions and rules, once for one time', async () => {
    const before = Date.now();
    const time = new Date(before);
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
    const { killSwitches } = await suite.call('policy-get', {}, staff);
    expect(killSwitches.map(({ capability }) => capability)).not.toContain('canary');
  });
});

describe('POST /api/ops/degraded', () => {
  const record = (body: object, headers: Record<string, string> = {}) =>
    ask('POST /api/ops/degraded', { authorization: staff.authorization, body: JSON.stringify(body), headers });

  test('enters and ends a mode, and the audit has the fields as they were posted', async () => {
    const requestId = `${suite.mark}-degraded`;
    const words = { mode: 'degraded', reason: 'a storm', details: 'all of it' };
    const entered = await record(
      { status: 'entered', ...words, rationale: 'as agreed' },
      { 'x-request-id': requestId },
    );
    expect({ status: entered.status, json: entered.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, policy: { mode: 'degraded' } },
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
