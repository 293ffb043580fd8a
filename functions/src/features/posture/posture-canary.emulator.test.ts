/** On the real rules and the real guard, each as it is and each broken on purpose. */
import { canaryWorld, openRules, type CanaryWorld } from '../../../test/canary';
import { HOUR } from '../../../test/harness';
import { musterRules } from '../../../test/rules/rules-files';
import { NORMAL } from '@muster/guard/policy-document';
import { policyUnavailable } from '@muster/guard/decision-refusal';
import { postureCanary } from '.';

let world: CanaryWorld;
beforeEach(async () => {
  world = await canaryWorld();
});
afterEach(() => world.backend.close());

const documentsIn = async (collection: string) => (await world.backend.firestore.collection(collection).get()).docs;

describe('a good run', () => {
  test('proves that a kill switch stops both, and leaves nothing restricted', async () => {
    const never = { lastRunAt: null, lastProvenAt: null, sinceProofMs: null, finding: null, latencies: null };
    expect(await world.control()).toEqual({ control: 'armed-switch', state: 'not_run', stale: true, ...never });
    await world.run();
    const { latencies, sinceProofMs, ...found } = await world.control();
    expect(found).toMatchObject({ state: 'proven', stale: false, finding: null });
    for (const ms of [...Object.values(latencies!), sinceProofMs]) expect(ms).toBeLessThan(10_000);
    expect(await world.policy()).toEqual(NORMAL);
    expect(world.backend.logged).toEqual([]);
  });

  test('leaves one entry for each change, those of the switch marked, and nothing in the ledger or among refusals', async () => {
    await world.run();
    const entries = await world.backend.auditEntries();
    expect((await world.actions()).toSorted()).toEqual([
      'capability.policy.kill_switch_disabled',
      'capability.policy.kill_switch_enabled',
      'posture.canary_began',
      'posture.canary_ran',
    ]);
    expect(entries.find(({ action }) => action === 'posture.canary_ran')).toMatchObject({
      outcome: 'success',
      actorType: 'system',
      target: 'posture/current',
      metadata: { state: 'proven', latencies: (await world.control()).latencies },
    });
    for (const entry of entries.filter(({ target }) => target === 'policy/current')) {
      expect(entry).toMatchObject({ metadata: { canary: true, capability: 'canary' } });
    }
    for (const collection of ['muster_activations', 'muster_refusals', 'muster_denials'])
      expect(await documentsIn(collection)).toEqual([]);
  });

  test('leaves what was taken, to be removed by its TTL, and not the number', async () => {
    await world.run();
    for (const collection of ['muster_canaries', 'muster_canaryWrites']) {
      const docs = await documentsIn(collection);
      expect(docs.map(({ id }) => id.replace(/^.*-/u, '')).toSorted()).toEqual(['after', 'before']);
      expect(docs.every((one) => one.get('musterExpireAt') !== undefined)).toBe(true);
    }
  });

  test('costs what it declares', async () => {
    await world.run();
    const { reads, writes } = postureCanary.cost;
    expect(world.backend.costs.filter(({ operation }) => operation === postureCanary.name)).toEqual([
      { operation: postureCanary.name, spent: { reads, writes } },
    ]);
  });

  test('draws a number of its own, and tells it nobody', async () => {
    const numbers: string[] = [];
    const { writePaths } = world.backend.deps;
    const create: typeof writePaths.rules.create = (path, data) => {
      numbers.push(String(data['number']));
      return writePaths.rules.create(path, data);
    };
    world.backend.deps.writePaths = { ...writePaths, rules: { create } };
    await world.run();
    await world.run(1);
    expect(new Set(numbers).size).toBe(2);
    const said = JSON.stringify([await world.backend.auditEntries(), await world.control(), world.backend.logged]);
    for (const number of numbers) expect(said).not.toContain(number);
  });
});

describe('a brake broken on purpose', () => {
  test('rules: red within one run, and named; green again when they are mended, not before', async () => {
    await world.run();
    await world.loadRules(openRules());
    await world.run(1);
    const red = await world.control();
    expect(red).toMatchObject({ state: 'failed', stale: true, finding: expect.stringContaining('by the rules.') });
    expect(red.finding).not.toContain('guard');
    expect(red.lastProvenAt).not.toBe(red.lastRunAt);
    expect(world.logged('CRITICAL')).toHaveLength(1);
    expect(await world.policy()).toEqual(NORMAL);
    expect((await world.backend.auditEntries()).filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { action: 'posture.canary_ran', metadata: { state: 'failed', finding: red.finding } },
    ]);

    // A run that can tell nothing leaves red red.
    await world.kill('*');
    await world.run(2);
    expect(await world.control()).toMatchObject({ state: 'failed', stale: true });
    await world.restore('*');

    await world.loadRules(musterRules());
    await world.run(3);
    expect(await world.control()).toMatchObject({ state: 'proven', stale: false, finding: null });
  });

  test.each(['takes a write for a read', 'decides on an old policy'] as const)(
    'a guard that %s: red within one run, and named; green again when it is mended',
    async (how) => {
      world.breakGuard(how);
      await world.run();
      const red = await world.control();
      expect(red).toMatchObject({ state: 'failed', lastProvenAt: null, stale: true });
      expect(red.finding).toContain('by the guard.');
      expect(red.finding).not.toContain('rules');
      expect(world.logged('CRITICAL')).toHaveLength(1);
      expect(await world.policy()).toEqual(NORMAL);

      world.breakGuard(undefined);
      await world.run(1);
      expect(await world.control()).toMatchObject({ state: 'proven' });
    },
  );

  test('both: both are named', async () => {
    await world.loadRules(openRules());
    world.breakGuard('takes a write for a read');
    await world.run();
    expect((await world.control()).finding).toContain('by the rules and the guard.');
  });
});

describe('what can tell nothing says why, and leaves green green', () => {
  beforeEach(() => world.run());

  test.each(['*', 'canary', 'canary.write'])('%s is killed by someone: theirs stays', async (name) => {
    await world.kill(name);
    await world.run(1);
    const found = await world.control();
    expect(found).toMatchObject({ state: 'proven', latencies: null });
    expect(found.finding).toMatch(/guard did not take .* killed/u);
    expect(found.lastRunAt).not.toBe(found.lastProvenAt);
    expect(Object.keys((await world.policy()).killSwitches)).toEqual([name]);
    expect(world.logged('CRITICAL')).toEqual([]);
    expect(world.logged('ERROR')).toHaveLength(1);
    expect((await world.actions()).filter((action) => action === 'posture.canary_ran')).toHaveLength(2);
  });

  test('the mode is read_only', async () => {
    const mode = { ...NORMAL.mode, name: 'read_only' as const };
    await world.backend.firestore.doc('muster_policy/current').set({ ...NORMAL, mode });
    await world.run(1);
    expect(await world.control()).toMatchObject({ state: 'proven', finding: expect.stringContaining('read_only') });
  });

  test.each([undefined, { version: 4 }])('the policy is %j', async (stored) => {
    const document = world.backend.firestore.doc('muster_policy/current');
    await (stored ? document.set(stored) : document.delete());
    await world.run(1);
    const finding = expect.stringContaining('POLICY_UNAVAILABLE') as string;
    expect(await world.control()).toMatchObject({ state: 'proven', finding });
    expect((await document.get()).data()).toEqual(stored);
  });

  test('the rules refuse whatever they are asked, as with App Check, or do not answer', async () => {
    await world.loadRules(musterRules().replace("&& allows('canary.write')", '&& false'));
    await world.run(1);
    expect(await world.control()).toMatchObject({ state: 'proven', finding: expect.stringContaining('App Check') });
    const { writePaths } = world.backend.deps;
    world.backend.deps.writePaths = {
      ...writePaths,
      rules: { create: async () => ({ answer: 'unclear', said: 'no answer' }) },
    };
    await world.run(2);
    expect(await world.control()).toMatchObject({ state: 'proven', finding: expect.stringContaining('no answer') });
  });

  test('the guard refuses, while it is killed, for another reason', async () => {
    const { writePaths } = world.backend.deps;
    let asked = 0;
    const run: typeof writePaths.guard.run = async (request, work) => {
      asked += 1;
      if (asked === 2) throw policyUnavailable();
      return writePaths.guard.run(request, work);
    };
    world.backend.deps.writePaths = { ...writePaths, guard: { run } };
    await world.run(1);
    const finding = expect.stringContaining('guard did not refuse for the kill switch: POLICY_UNAVAILABLE') as string;
    expect(await world.control()).toMatchObject({ state: 'proven', finding });
    expect(await world.policy()).toEqual(NORMAL);
  });

  test('two hours without a proof are too long', async () => {
    await world.kill('*');
    await world.run(1);
    expect((await world.control()).stale).toBe(false);
    world.later(2 * HOUR);
    expect(await world.control()).toMatchObject({ state: 'proven', stale: true });
  });

  test('the record is damaged: it says so, and the next run writes it again, and leaves the others', async () => {
    const others = { 'of-later': { state: 'proven' } };
    const document = world.backend.firestore.doc('muster_posture/current');
    await document.set({ controls: 'none' });
    expect(await world.control()).toMatchObject({ state: 'not_run', stale: true });
    await document.set({ controls: { 'armed-switch': { state: 'green' }, ...others } });
    const damaged = { state: 'not_run', stale: true, finding: expect.stringContaining('damaged') as string };
    expect(await world.control()).toMatchObject(damaged);
    await world.run(1);
    expect(await world.control()).toMatchObject({ state: 'proven', stale: false });
    expect((await document.get()).get('controls.of-later')).toEqual(others['of-later']);
  });
});
