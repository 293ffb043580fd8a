/** Muster behind OpenFeature's own server SDK: what a caller gets, whatever its default. */
import { OpenFeature, type Client } from '@openfeature/server-sdk';
import {
  enterDegraded,
  exitDegraded,
  killCapability,
  restoreCapability,
} from '@muster/functions/features/policy/index';
import { newBackend, type Backend } from '@muster/functions/test/harness';
import { systemClock } from '@muster/core/clock';
import { firestoreSource } from '@muster/core/storage/firestore-source';
import { MusterProvider } from '../src/openfeature';
import { asking, barrier, guardIn, SIGNED_IN, type GuardUnderTest } from './guard-harness';

const because = 'automation is misbehaving';
const AGENT = { targetingKey: 'uid-agent' };

describe.each(['cached', 'check'] as const)('a client that asks by %s', (ask) => {
  let backend: Backend;
  let under: GuardUnderTest;
  let client: Client;
  beforeAll(async () => {
    backend = await newBackend();
    under = guardIn(backend, { clock: systemClock });
    await OpenFeature.setProviderAndWait(ask, new MusterProvider(under.guard, { ask }));
    client = OpenFeature.getClient(ask);
  });
  afterAll(async () => {
    await OpenFeature.clearProviders();
    await backend.close();
  });
  /** What `cached` needs to know is read in the background; here it is waited for. */
  const known = () => under.guard.refresh(asking('shipping.push', { authTime: SIGNED_IN }));

  test('a boolean is whether it is allowed', async () => {
    expect(await client.getBooleanDetails('shipping.push', false, AGENT)).toMatchObject({
      value: true,
      variant: 'allowed',
      flagMetadata: { mode: 'normal' },
    });
    await backend.run(enterDegraded, { mode: 'degraded', reason: because });
    await known();
    expect(await client.getBooleanDetails('shipping.push', false, AGENT)).toMatchObject({
      value: true,
      flagMetadata: { mode: 'degraded' },
    });
    await backend.run(exitDegraded, {});
    await known();
  });

  test('what is killed is denied, whatever the default', async () => {
    await backend.run(killCapability, { capability: 'shipping', reason: because });
    await known();
    expect(await client.getBooleanDetails('shipping.push', true, AGENT)).toMatchObject({
      value: false,
      reason: 'DISABLED',
      variant: 'denied',
      flagMetadata: { reasonCode: 'BLOCKED_BY_KILL_SWITCH', next: expect.stringContaining('policy-restore') as string },
    });
    expect(await client.getStringValue('shipping.push', 'ALLOWED', AGENT)).toBe('BLOCKED_BY_KILL_SWITCH');
    expect(await client.getObjectValue('shipping.push', { allowed: true }, AGENT)).toMatchObject({
      allowed: false,
      reason: 'BLOCKED_BY_KILL_SWITCH',
      restriction: { name: 'shipping', reason: because },
    });
    expect(await client.getBooleanValue('shipping.diagnose', false, AGENT)).toBe(true);
    await backend.run(restoreCapability, { capability: 'shipping', reason: 'it was repaired and reviewed' });
    await known();
    expect(await client.getStringValue('shipping.push', 'no', AGENT)).toBe('ALLOWED');
    expect(await client.getObjectValue('shipping.push', {}, AGENT)).toMatchObject({ allowed: true, mode: 'normal' });
  });

  test.each([
    ['a name that is none', 'Shipping Push', AGENT],
    ['no targeting key', 'shipping.push', {}],
    ['a targeting key that is none', 'shipping.push', { targetingKey: 'a/b' }],
    ['a session that is not a time', 'shipping.push', { ...AGENT, authTime: '1700000000' }],
    ['an owner that is not a name', 'shipping.push', { ...AGENT, owner: 42 }],
    ['a delegation that is no id', 'shipping.push', { ...AGENT, owner: 'uid-owner', delegation: null }],
    ['a capability without its last word', 'shipping.', AGENT],
  ])('%s is denied, whatever the default', async (_name, flag, context) => {
    // The same question, put well, is allowed: so it is this that is denied.
    expect(await client.getBooleanValue('shipping.push', false, AGENT)).toBe(true);
    expect(await client.getBooleanDetails(flag, true, context)).toMatchObject({
      value: false,
      flagMetadata: { reasonCode: 'POLICY_UNAVAILABLE' },
    });
    expect(await client.getStringValue(flag, 'ALLOWED', context)).toBe('POLICY_UNAVAILABLE');
  });

  test('the session of the context counts', async () => {
    const context = { ...AGENT, authTime: SIGNED_IN };
    await known();
    expect(await client.getBooleanValue('shipping.push', false, context)).toBe(true);
    await backend.firestore.doc('muster_revocations/uid-agent').set({ validAfter: backend.clock.now, withdrawn: [] });
    await known();
    expect(await client.getStringValue('shipping.push', 'ALLOWED', context)).toBe('SESSION_REVOKED');
    await backend.firestore.doc('muster_revocations/uid-agent').delete();
  });

  test('a number is the default, and said to be the wrong type', async () => {
    expect(await client.getNumberDetails('shipping.push', 7, AGENT)).toMatchObject({
      value: 7,
      errorCode: 'TYPE_MISMATCH',
    });
  });

  test('without a policy everything but diagnostics is denied, whatever the default', async () => {
    await backend.firestore.doc('muster_policy/current').delete();
    await known();
    expect(await client.getBooleanValue('shipping.push', true, AGENT)).toBe(false);
    expect(await client.getStringValue('shipping.push', 'ALLOWED', AGENT)).toBe('POLICY_UNAVAILABLE');
    expect(await client.getBooleanValue('shipping.diagnose', false, AGENT)).toBe(true);
  });
});

test('a provider that could not read the policy at its start denies, and comes to know it by itself', async () => {
  const backend = await newBackend();
  let down = true;
  const known = barrier();
  const under = guardIn(backend, {
    source: {
      async fetch(paths) {
        if (down) throw new Error('down');
        const found = await firestoreSource(backend.firestore).fetch(paths);
        // When what waits for it has gone on.
        setImmediate(known.open);
        return found;
      },
    },
    feed: () => () => undefined,
  });
  await expect(OpenFeature.setProviderAndWait('late', new MusterProvider(under.guard))).rejects.toThrow('down');
  const client = OpenFeature.getClient('late');
  expect(await client.getBooleanValue('shipping.push', true, AGENT)).toBe(false);
  down = false;
  backend.clock.now = new Date(backend.clock.now.getTime() + 10_000);
  under.tick();
  await known.reached;
  expect(await client.getBooleanValue('shipping.push', false, AGENT)).toBe(true);
  await OpenFeature.clearProviders();
  await backend.close();
});
