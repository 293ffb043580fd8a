/** What is refused is counted and stands in the audit, and cannot be used to flood either. */
import { killCapability, policyLedger } from '@muster/functions/features/policy/index';
import { newBackend, refusalOf, type Backend } from '@muster/functions/test/harness';
import { keptConnections } from '@muster/core/storage/rest-channel';
import { asking, guardIn, type GuardUnderTest } from './guard-harness';

const because = 'automation is misbehaving';
const FLOOD = 200;

let backend: Backend;
let activation: string;
beforeEach(async () => {
  backend = await newBackend();
  const killed = await backend.run(killCapability, { capability: 'shipping', reason: because });
  activation = killed.killSwitch.activation!;
});
afterEach(() => backend.close());

const refuse = ({ guard }: GuardUnderTest, actor = 'uid-agent', capability = 'shipping.push') =>
  refusalOf(guard.run(asking(capability, { actor }), async (work) => work.set('orders/one', { shipped: true })));
const entries = async () => (await backend.auditEntries()).filter(({ action }) => action === 'capability.refused');
const counts = async () =>
  (await backend.firestore.collection('muster_refusals').get()).docs.map((found) => found.data());
const denials = async () => (await backend.firestore.doc(`muster_denials/${activation}`).get()).data();

test(`${FLOOD} at once of one caller: one entry, the count of all, and few commits`, async () => {
  const under = guardIn(backend);
  const refusals = await Promise.all(Array.from({ length: FLOOD }, () => refuse(under)));
  expect(new Set(refusals.map(({ details }) => details.reason))).toEqual(new Set(['BLOCKED_BY_KILL_SWITCH']));
  expect(await entries()).toMatchObject([
    { actorId: 'uid-agent', outcome: 'refused', target: 'capabilities/shipping.push', metadata: { activation } },
  ]);
  expect(await counts()).toMatchObject([{ count: FLOOD, byCapability: { 'shipping.push': FLOOD }, uncounted: true }]);
  expect(await denials()).toEqual({ total: FLOOD, byCapability: { 'shipping.push': FLOOD } });
  expect(under.commits.length).toBeLessThan(FLOOD / 10);
  expect(
    under.commits.flat().some((path) => path.startsWith('muster_policy/') || path.startsWith('muster_activations/')),
  ).toBe(false);
});

test('each caller, reason and minute has an entry of its own', async () => {
  const under = guardIn(backend);
  await refuse(under);
  await refuse(under, 'uid-other');
  backend.clock.now = new Date(backend.clock.now.getTime() + 60_000);
  await refuse(under);
  await refuse(under);
  expect(await entries()).toHaveLength(3);
  expect((await counts()).map(({ count }) => count as number).toSorted((a, b) => a - b)).toEqual([1, 1, 2]);
  expect((await backend.run(policyLedger, { name: 'shipping' })).activations).toMatchObject([
    { id: activation, denied: { total: 4, byCapability: { 'shipping.push': 4 } } },
  ]);
});

test('two guards in the same minute add up, at once and one after the other', async () => {
  const [one, other] = [guardIn(backend), guardIn(backend)];
  await Promise.all([one, other, one, other, one, other].map((under) => refuse(under)));
  await refuse(guardIn(backend));
  expect(await entries()).toHaveLength(1);
  expect(await counts()).toMatchObject([{ count: 7 }]);
  expect(await denials()).toMatchObject({ total: 7 });
});

test('many names of one caller are counted under a few of them and the rest together', async () => {
  const under = guardIn(backend);
  for (let index = 0; index < 25; index += 1) await refuse(under, 'uid-agent', `shipping.x${index}`);
  const [count] = await counts();
  expect(count).toMatchObject({ count: 25, byCapability: { '(others)': 5 } });
  expect(Object.keys(count!['byCapability'] as object)).toHaveLength(21);
  expect(await entries()).toHaveLength(1);
});

test.each([
  ['does not answer', async () => Promise.reject(new Error('no network'))],
  ['refuses', async () => ({ ok: false, status: 403, text: async () => '{"error":{"status":"PERMISSION_DENIED"}}' })],
  ['fails', async () => ({ ok: false, status: 500, text: async () => 'oops' })],
])(
  'a count that cannot be stored, because the database %s, changes nothing about the refusal',
  async (_name, answer) => {
    const kept = keptConnections();
    let broken = true;
    const under = guardIn(backend, {
      endpoint: { send: (url, init) => (broken && url.endsWith(':commit') ? answer() : kept(url, init)) },
    });
    expect(await refuse(under)).toMatchObject({ details: { reason: 'BLOCKED_BY_KILL_SWITCH' } });
    expect(under.logged.join('')).toContain('refusals could not be counted');
    expect(await counts()).toEqual([]);
    broken = false;
    await refuse(under);
    expect(await counts()).toMatchObject([{ count: 1 }]);
    expect(await entries()).toHaveLength(1);
  },
);

test('a database that is busy when a minute is opened has it opened again, with its entry', async () => {
  const kept = keptConnections();
  let busy = true;
  const aborted = { ok: false, status: 409, text: async () => '{"error":{"status":"ABORTED"}}' };
  const under = guardIn(backend, {
    endpoint: {
      async send(url, init) {
        if (!busy || !url.endsWith(':commit')) return kept(url, init);
        busy = false;
        return aborted;
      },
    },
  });
  await refuse(under);
  expect(under.logged).toEqual([]);
  expect(await counts()).toMatchObject([{ count: 1 }]);
  expect(await entries()).toHaveLength(1);
  expect(await denials()).toMatchObject({ total: 1 });
});

test('names that fill the document of what was denied keep nothing from being counted', async () => {
  const name = (index: number) => `shipping.${String(index).padStart(90, 'x')}`;
  // Room for a few names more.
  const filling = 'x'.repeat(1_047_500);
  await backend.firestore.doc(`muster_denials/${activation}`).set({ total: 0, byCapability: {}, filling });
  const under = guardIn(backend);
  const callers = Array.from({ length: 6 }, (_, index) => `uid-${index}`);
  // Each caller has few names in a minute, and there are many callers.
  for (const [at, caller] of callers.entries()) {
    for (let index = 0; index < 18; index += 1) await refuse(under, caller, name(at * 18 + index));
  }
  expect(under.logged).toEqual([]);
  expect(await entries()).toHaveLength(callers.length);
  const denied = await denials();
  expect(denied).toMatchObject({ total: 108 });
  expect(Object.keys(denied!['byCapability'] as object).length).toBeLessThan(18);
});

test('what one activation has denied is told under a hundred names of a process, and the rest together', async () => {
  const under = guardIn(backend);
  for (let index = 0; index < 110; index += 1) await refuse(under, `uid-${index % 10}`, `shipping.x${index}`);
  const denied = await denials();
  expect(denied).toMatchObject({ total: 110, byCapability: { '(others)': 10 } });
});

test('what is allowed, asked or malformed is not counted', async () => {
  const { guard } = guardIn(backend);
  await guard.run(asking('firestore.write'), async (work) => work.set('orders/two', { fine: true }));
  await guard.check(asking('shipping.push'));
  guard.cached(asking('shipping.push'));
  await refusalOf(guard.run(asking('Shipping'), async () => undefined));
  expect(await counts()).toEqual([]);
});
