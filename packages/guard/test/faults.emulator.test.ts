/** Firestore away, slow or failing: a product is denied and told so, nothing is half-written, and it works again by itself. */
import { killCapability } from '@muster/functions/features/policy/index';
import { emulatorHost, newBackend, refusalOf, type Backend } from '@muster/functions/test/harness';
import { differencesBetween, stateOf, type State } from '@muster/functions/test/stored-state';
import { keptConnections, type Send } from '@muster/core/storage/rest-channel';
import { asking, guardIn, type GuardUnderTest } from './guard-harness';
import { FaultyProxy, type Fault } from './faulty-proxy';

/** Only what is silent is waited for, and a busy machine's healthy answer must not be taken for silence. */
const DEADLINES = { readDeadlineMs: 2_000, commitDeadlineMs: 2_000 };
const READ_FAULTS: Fault[] = ['down', 'silent', 'lost', 'cut', 'half', 'short', 'elsewhere', 500, 503, 429];
/** Whether the work was done all the same: nobody but the database can tell. */
const COMMIT_FAULTS: [fault: Fault, stands: boolean][] = [
  ['down', false],
  ['silent', false],
  ['elsewhere', false],
  [500, false],
  [503, false],
  [429, false],
  ['lost', true],
  ['cut', true],
  ['half', true],
];

let proxy: FaultyProxy;
let backend: Backend;
let under: GuardUnderTest;
let state: State;

beforeAll(async () => {
  backend = await newBackend();
  proxy = await FaultyProxy.before(`http://${emulatorHost()}`);
  await backend.firestore.doc('stock/one').set({ left: 10 });
});
afterAll(async () => {
  await proxy.close();
  await backend.close();
});
beforeEach(async () => {
  // One guard for all of it: it is never made anew.
  under ??= guardIn(backend, { endpoint: { origin: proxy.origin, ...DEADLINES } });
  // What was in memory is older than the bound by now.
  backend.clock.now = new Date(backend.clock.now.getTime() + 60_000);
  await proxy.breaks(undefined);
  state = await stateOf(backend.firestore);
});
/** Whatever happened: the same guard, in the same process, works as soon as the database does. */
afterEach(async () => {
  await proxy.breaks(undefined);
  const left = await take();
  expect((await backend.firestore.doc('stock/one').get()).get('left')).toBe(left);
  expect(await under.guard.check(asking('shipping.push'))).toEqual({ allowed: true, mode: 'normal' });
  await under.guard.refresh(asking('shipping.push'));
  expect(under.guard.cached(asking('shipping.push'))).toEqual({ allowed: true, mode: 'normal', ageMs: 0 });
});

/** Takes one from the stock and notes the order: two documents that belong together. */
const take = (meanwhile: () => Promise<void> = async () => undefined): Promise<number> =>
  under.guard.run(asking('shipping.push'), async (work) => {
    const left = ((await work.get('stock/one'))?.['left'] as number) - 1;
    await meanwhile();
    work.update('stock/one', { left });
    work.create(`orders/${left}`, { left });
    return left;
  });
const written = async (): Promise<string[]> => {
  const { created, changed, removed } = differencesBetween(state, await stateOf(backend.firestore));
  return [...created, ...changed, ...removed].map(({ path }) => path).toSorted((a, b) => a.localeCompare(b));
};

describe.each(READ_FAULTS)('a database that is %s when it is read', (fault) => {
  test('denies before the work, and check and cached say so too', async () => {
    await proxy.breaks(fault);
    const work = jest.fn();
    expect(await refusalOf(under.guard.run(asking('shipping.push'), work))).toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'POLICY_UNAVAILABLE', next: expect.any(String) as string },
    });
    expect(work).not.toHaveBeenCalled();
    expect(await under.guard.check(asking('shipping.push'))).toMatchObject({ reason: 'POLICY_UNAVAILABLE' });
    expect(under.guard.cached(asking('shipping.push'))).toMatchObject({ reason: 'POLICY_UNAVAILABLE', ageMs: null });
    await expect(under.guard.watch()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    under.guard.close();
    expect(await written()).toEqual([]);
    expect(proxy.calls).not.toContain('commit');
  });

  test('in the middle of the work ends it, with nothing written', async () => {
    const pending = under.guard.run(asking('shipping.push'), async (work) => {
      work.create('orders/early', {});
      await proxy.breaks(fault);
      // Not "no such document", whatever came instead of an answer.
      work.set('stock/one', { left: (await work.get('stock/one')) === undefined ? 100 : 1 });
    });
    expect(await refusalOf(pending)).toMatchObject({ code: 'UNAVAILABLE', details: { reason: 'STORE_UNAVAILABLE' } });
    expect(await written()).toEqual([]);
    expect(proxy.calls).not.toContain('commit');
  });
});

describe.each(COMMIT_FAULTS)('a database that is %s when it is to commit', (fault, stands) => {
  test.each([
    ['from the beginning', ['commit']],
    ['from the middle of the work', ['batchGet', 'commit']],
  ])('%s: it is said to be in doubt, is made once, and is whole or not at all', async (when, calls) => {
    if (calls.length === 1) await proxy.breaks(fault === 'down' ? undefined : fault, calls);
    const pending = take(async () => {
      if (calls.length > 1 || fault === 'down') await proxy.breaks(fault, calls);
    });
    expect([when, await refusalOf(pending)]).toMatchObject([
      when,
      {
        code: 'UNAVAILABLE',
        details: { reason: 'STORE_UNAVAILABLE', state: 'in_doubt', next: expect.any(String) as string },
      },
    ]);
    expect(proxy.calls.filter((call) => call === 'commit')).toHaveLength(fault === 'down' ? 0 : 1);
    const paths = await written();
    expect(paths.length === 0 ? [] : paths.map((path) => path.split('/')[0])).toEqual(
      stands ? ['orders', 'stock'] : [],
    );
  });
});

test.each([
  [400, 'INVALID_ARGUMENT'],
  [403, 'PERMISSION_DENIED'],
])('a commit that the database refuses with %i is no doubt: nothing was done', async (status) => {
  await proxy.breaks(status, ['commit']);
  expect(await refusalOf(take())).toMatchObject({ details: { reason: 'STORE_REFUSED' } });
  expect(await written()).toEqual([]);
});

test('a refusal is the same when its count goes unanswered', async () => {
  await backend.firestore.doc('muster_revocations/uid-agent').set({ validAfter: new Date(), withdrawn: [] });
  state = await stateOf(backend.firestore);
  await proxy.breaks('silent', ['commit']);
  const pending = under.guard.run(asking('shipping.push', { authTime: 1 }), async (work) => work.set('orders/no', {}));
  expect(await refusalOf(pending)).toMatchObject({ details: { reason: 'SESSION_REVOKED' } });
  expect(await written()).toEqual([]);
});

test('a kill that could not be stored says that containment is incomplete, and the next one contains', async () => {
  const kept = keptConnections();
  const through: Send = (url, init) =>
    kept(url.replace(`http://${emulatorHost()}`, proxy.origin), {
      ...init,
      signal: AbortSignal.any([init.signal, AbortSignal.timeout(DEADLINES.commitDeadlineMs)]),
    });
  const broken = await newBackend({
    fetch: (async (url: string, init: Parameters<Send>[1]) => through(url, init)) as unknown as typeof fetch,
  });
  const kill = () => broken.run(killCapability, { capability: 'shipping', reason: 'automation is misbehaving' });
  for (const fault of ['down', 'silent', 503] as const) {
    await proxy.breaks(fault, ['commit']);
    expect(await refusalOf(kill())).toMatchObject({ details: { reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0' } });
    expect((await broken.firestore.doc('muster_policy/current').get()).get('killSwitches')).toEqual({});
  }
  await proxy.breaks(undefined);
  expect(await kill()).toMatchObject({ changed: true, killSwitch: { capability: 'shipping' } });
  expect(await guardIn(broken).guard.check(asking('shipping.push'))).toMatchObject({
    reason: 'BLOCKED_BY_KILL_SWITCH',
  });
  await broken.close();
});
