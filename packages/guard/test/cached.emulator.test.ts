/** Answers from memory with Firestore's own listener: a kill by one, the denial in another. */
import { killCapability, restoreCapability } from '@muster/functions/features/policy/index';
import { newBackend, type Backend } from '@muster/functions/test/harness';
import { systemClock } from '@muster/core/clock';
import { firestoreFeed, type PolicyFeed } from '../src/policy-feed';
import { asking, barrier, guardIn, type GuardUnderTest } from './guard-harness';

let backend: Backend;
let under: GuardUnderTest;
/** Resolves when the listener has told of a policy that the test waits for. */
let told: (expected: (data: Record<string, unknown> | undefined) => boolean) => Promise<void>;

beforeAll(async () => {
  backend = await newBackend();
  const waiting: { expected: (data: Record<string, unknown> | undefined) => boolean; open: () => void }[] = [];
  const feed: PolicyFeed = (onPolicy, onFailure) =>
    firestoreFeed(backend.firestore)((policy) => {
      onPolicy(policy);
      for (const { expected, open } of waiting) if (expected(policy.data)) open();
    }, onFailure);
  told = (expected) => {
    const { reached, open } = barrier();
    waiting.push({ expected, open });
    return reached;
  };
  under = guardIn(backend, { feed, clock: systemClock });
});
afterAll(async () => {
  under.guard.close();
  await backend.close();
});

const reason = (): string => {
  const answer = under.guard.cached(asking('shipping.push'));
  return answer.allowed ? 'ALLOWED' : answer.reason;
};
const kills = (yes: boolean) => (data: Record<string, unknown> | undefined) =>
  Object.hasOwn(data?.['killSwitches'] ?? {}, 'shipping') === yes;

/** How soon, the bench measures: from the acknowledged kill to the denial in another process. */
test('a kill is known by being told, and so is its end', async () => {
  expect(reason()).toBe('POLICY_UNAVAILABLE');
  await under.guard.watch();
  expect(reason()).toBe('ALLOWED');
  const reads = under.reads.length;

  const killed = told(kills(true));
  await backend.run(killCapability, { capability: 'shipping', reason: 'automation is misbehaving' });
  await killed;
  expect(reason()).toBe('BLOCKED_BY_KILL_SWITCH');

  const restored = told(kills(false));
  await backend.run(restoreCapability, { capability: 'shipping', reason: 'it was repaired and reviewed' });
  await restored;
  expect(reason()).toBe('ALLOWED');
  // The listener alone told; nothing was read again.
  expect(under.reads).toHaveLength(reads);
});

test('a policy that is deleted is denied as soon as that is told', async () => {
  const before = (await backend.firestore.doc('muster_policy/current').get()).data()!;
  const gone = told((data) => data === undefined);
  await backend.firestore.doc('muster_policy/current').delete();
  await gone;
  expect(reason()).toBe('POLICY_UNAVAILABLE');
  const back = told((data) => data !== undefined);
  await backend.firestore.doc('muster_policy/current').set(before);
  await back;
  expect(reason()).toBe('ALLOWED');
});

test('a million answers are given without a read', async () => {
  const reads = under.reads.length;
  const request = asking('shipping.push');
  const began = performance.now();
  for (let times = 0; times < 1_000_000; times += 1) under.guard.cached(request);
  const microseconds = (performance.now() - began) / 1_000;
  process.stdout.write(`guard.cached: ${microseconds.toFixed(2)} µs a call\n`);
  expect(under.reads.length - reads).toBeLessThanOrEqual(1);
});
