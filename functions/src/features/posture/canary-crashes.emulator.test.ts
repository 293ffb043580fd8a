/** The canary again, at once with others, and killed at each of its steps. */
import { canaryWorld, type CanaryWorld } from '../../../test/canary';
import { NORMAL } from '@muster/guard/policy-document';

const MINUTE_MS = 60_000;

let world: CanaryWorld;
beforeEach(async () => {
  world = await canaryWorld();
});
afterEach(() => world.backend.close());

const times = async (action: string) => (await world.actions()).filter((one) => one === action).length;

describe('again, and at once', () => {
  test('a second run for the same time does nothing', async () => {
    await world.run();
    const posture = async () => (await world.backend.firestore.doc('muster_posture/current').get()).updateTime;
    const before = [await world.actions(), await posture()];
    await world.run();
    expect([await world.actions(), await posture()]).toEqual(before);
  });

  test('of five runs at once for one time, one does it', async () => {
    await Promise.all([0, 1, 2, 3, 4].map(() => world.run()));
    expect(await times('posture.canary_ran')).toBe(1);
    expect(await world.control()).toMatchObject({ state: 'proven' });
    expect(await world.policy()).toEqual(NORMAL);
  });

  test('of runs for several times, late and all at once, none meets another', async () => {
    await Promise.all([0, 1, 2, 3, 4].map((hour) => world.run(hour)));
    expect(await times('posture.canary_ran')).toBe(await times('posture.canary_began'));
    expect(await world.control()).toMatchObject({ state: 'proven', finding: null });
    expect(await world.policy()).toEqual(NORMAL);
    expect(world.backend.logged).toEqual([]);
  });
});

describe('a crash leaves nothing killed after the next run, and wears off without one', () => {
  /** The commits of a run, and what is killed when it crashed before each of them, and right after. */
  const steps = [
    ['begin', 0, 0],
    ['the guard takes', 0, 0],
    ['kill', 0, 1],
    ['restore', 1, 0],
    ['the guard takes again', 0, 0],
    ['record', 0, 0],
  ] as const;

  test.each(
    steps.flatMap(([step, before, after], index) => [
      [`before: ${step}`, { commit: index + 1, late: false }, before] as const,
      [`after: ${step}`, { commit: index + 1, late: true }, after] as const,
    ]),
  )('%s', async (_step, at, crashed) => {
    world.crash(at);
    await expect(world.run()).rejects.toThrow('killed');
    world.crash(undefined);
    expect(Object.keys((await world.policy()).killSwitches)).toHaveLength(crashed);
    // For the guard as for rules, which compare the same time.
    expect(await world.letsPassAt(new Date(Date.now() + 10 * MINUTE_MS))).toBe(true);

    world.later(2 * MINUTE_MS);
    await world.run(1);
    expect(await world.control()).toMatchObject({ state: 'proven', finding: null });
    expect(await world.policy()).toEqual(NORMAL);
    expect(await times('capability.policy.kill_switch_enabled')).toBe(
      await times('capability.policy.kill_switch_disabled'),
    );
  });

  test('a door that throws: what was killed is restored at once, and the finding says that it broke off', async () => {
    const { writePaths } = world.backend.deps;
    let asked = 0;
    const create: typeof writePaths.rules.create = async (path, data) => {
      asked += 1;
      if (asked === 2) throw new Error('out of memory');
      return writePaths.rules.create(path, data);
    };
    world.backend.deps.writePaths = { ...writePaths, rules: { create } };
    await world.run();
    const { state, finding } = await world.control();
    expect({ state, finding }).toEqual({ state: 'not_run', finding: expect.stringContaining('broke off') });
    expect(finding).not.toContain('memory');
    expect(await world.policy()).toEqual(NORMAL);
  });
});
