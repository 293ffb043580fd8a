/** Every answer that the guard can give, through `run` and through `check`, on stored documents. */
import { FORBIDDEN, type CapabilityClass } from '@muster/contract/capabilities';
import { GUARD_REASONS, type GuardReason } from '@muster/contract/errors';
import { grantDelegation, revokeDelegation } from '@muster/functions/features/delegations/index';
import {
  enterDegraded,
  exitDegraded,
  killCapability,
  restoreCapability,
} from '@muster/functions/features/policy/index';
import { grantExemption } from '@muster/functions/features/exemptions/index';
import { as, HOUR, newBackend, START, type Backend } from '@muster/functions/test/harness';
import type { Guard } from '../src/guard';
import type { ProductRequest } from '../src/guard-request';
import { asking, guardIn, SIGNED_IN } from './guard-harness';

const because = 'automation is misbehaving';
const CATALOG = { 'report.export': 'read', 'report.probe': 'diagnostic', 'report.store': 'write' } as const;

let backend: Backend;
let guard: Guard;
const delegated: Partial<Record<GuardReason | 'FINE', string>> = {};

beforeAll(async () => {
  backend = await newBackend();
  ({ guard } = guardIn(backend, { catalog: CATALOG }));
  const grant = async (more: object = {}, uid = 'uid-owner'): Promise<string> => {
    const asked = {
      agent: 'uid-agent',
      capabilities: ['shipping'],
      reason: because,
      expiresAt: later(2 * HOUR),
      ...more,
    };
    return (await backend.run(grantDelegation, asked, as('member', uid))).delegation.id;
  };
  delegated.FINE = await grant();
  delegated.DELEGATION_ACTOR_MISMATCH = await grant({ agent: 'uid-other' });
  delegated.SCOPE_MISMATCH = await grant({ scope: 'repo:acme/web' });
  delegated.DELEGATION_REVOKED = await grant();
  await backend.run(
    revokeDelegation,
    { delegationId: delegated.DELEGATION_REVOKED, reason: because },
    as('member', 'uid-owner'),
  );
  delegated.OWNER_GONE = await grant({}, 'uid-gone');
  await backend.firestore
    .doc('muster_revocations/uid-gone')
    .set({ validAfter: new Date(0), withdrawn: [], goneSince: START });
  delegated.DELEGATION_EXPIRED = await grant({ expiresAt: later(60_000) });
  backend.clock.now = new Date(START.getTime() + 60_000);
});
afterAll(() => backend.close());

const later = (ms: number): string => new Date(START.getTime() + ms).toISOString();

let made = 0;
/** Every way to ask must say the same, and only what is allowed may be stored. */
const answerTo = async (request: ProductRequest): Promise<GuardReason | 'ALLOWED'> => {
  const path = `things/${(made += 1)}`;
  const answer = await guard.check(request);
  const memory = guardIn(backend, { catalog: CATALOG }).guard;
  await memory.refresh(request);
  expect(memory.cached(request)).toEqual({ ...answer, ageMs: 0 });
  const ran = await guard.run(request, async (work) => work.create(path, { made })).catch((error: unknown) => error);
  const stored = (await backend.firestore.doc(path).get()).exists;
  if (answer.allowed) {
    expect({ ran, stored }).toEqual({ ran: undefined, stored: true });
    return 'ALLOWED';
  }
  expect(stored).toBe(false);
  expect(ran).toMatchObject({ name: 'MusterError', message: answer.message });
  expect(ran).toMatchObject({ details: { reason: answer.reason, next: answer.next } });
  expect(answer.next.length).toBeGreaterThan(10);
  return answer.reason;
};

describe('when nothing is restricted', () => {
  test('whoever asks for themselves is allowed', async () => {
    expect(await answerTo(asking('shipping.commit'))).toBe('ALLOWED');
    expect(await answerTo(asking('shipping.commit', { authTime: SIGNED_IN }))).toBe('ALLOWED');
    expect(await answerTo(asking('shipping.commit', { owner: 'uid-agent' }))).toBe('ALLOWED');
  });

  test('a session that was ended is not', async () => {
    await backend.firestore.doc('muster_revocations/uid-left').set({ validAfter: START, withdrawn: [] });
    expect(await answerTo(asking('shipping.commit', { actor: 'uid-left', authTime: SIGNED_IN }))).toBe(
      'SESSION_REVOKED',
    );
    expect(await answerTo(asking('report.export', { actor: 'uid-left', authTime: SIGNED_IN }))).toBe('SESSION_REVOKED');
    const since = START.getTime() / 1000;
    expect(await answerTo(asking('shipping.commit', { actor: 'uid-left', authTime: since }))).toBe('ALLOWED');
  });

  test.each([
    ['FINE', 'shipping.push', {}, 'ALLOWED'],
    ['FINE', 'shipping.push', { scope: 'repo:acme/any' }, 'ALLOWED'],
    ['FINE', 'firestore.write', {}, 'SCOPE_MISMATCH'],
    ['FINE', 'shipping.push', { owner: 'uid-stranger' }, 'DELEGATION_ACTOR_MISMATCH'],
    ['FINE', 'shipping.push', { owner: undefined }, 'DELEGATION_MISSING'],
    ['FINE', 'shipping.push', { actor: 'uid-stranger' }, 'DELEGATION_ACTOR_MISMATCH'],
    ['DELEGATION_ACTOR_MISMATCH', 'shipping.push', {}, 'DELEGATION_ACTOR_MISMATCH'],
    ['DELEGATION_REVOKED', 'shipping.push', {}, 'DELEGATION_REVOKED'],
    ['OWNER_GONE', 'shipping.push', { owner: 'uid-gone' }, 'OWNER_GONE'],
    ['DELEGATION_EXPIRED', 'shipping.push', {}, 'DELEGATION_EXPIRED'],
    ['SCOPE_MISMATCH', 'shipping.push', {}, 'SCOPE_MISMATCH'],
    ['SCOPE_MISMATCH', 'shipping.push', { scope: 'repo:acme/web' }, 'ALLOWED'],
    ['DELEGATION_MISSING', 'shipping.push', {}, 'DELEGATION_MISSING'],
    // Who is the owner too is read once, and has delegated nothing to himself by this.
    ['FINE', 'shipping.push', { owner: 'uid-agent', authTime: SIGNED_IN }, 'DELEGATION_ACTOR_MISMATCH'],
  ] as const)('a delegation (%s) for %s with %j: %s', async (which, capability, more, expected) => {
    const delegation = delegated[which];
    expect(await answerTo(asking(capability, { owner: 'uid-owner', delegation, ...more }))).toBe(expected);
  });

  test('a delegation that is not there, or cannot be read, is none', async () => {
    await backend.firestore.doc('muster_delegations/dlg_damaged').set({ owner: 'uid-owner', agent: 'uid-agent' });
    for (const delegation of ['dlg_nowhere', 'dlg_damaged']) {
      expect(await answerTo(asking('shipping.push', { owner: 'uid-owner', delegation }))).toBe('DELEGATION_MISSING');
    }
  });

  test('a delegation ends with the session of the owner in which it was granted', async () => {
    await backend.firestore.doc('muster_revocations/uid-owner').set({ validAfter: START, withdrawn: [] });
    const request = asking('shipping.push', { owner: 'uid-owner', delegation: delegated.FINE });
    expect(await answerTo(request)).toBe('DELEGATION_REVOKED');
    await backend.firestore.doc('muster_revocations/uid-owner').delete();
    expect(await answerTo(request)).toBe('ALLOWED');
  });

  test('a revocation that cannot be read denies', async () => {
    await backend.firestore.doc('muster_revocations/uid-odd').set({ validAfter: 'yesterday' });
    expect(await answerTo(asking('shipping.push', { actor: 'uid-odd', authTime: SIGNED_IN }))).toBe(
      'POLICY_UNAVAILABLE',
    );
  });
});

describe('a kill switch', () => {
  const killed = async (capability: string, body: () => Promise<void>): Promise<void> => {
    await backend.run(killCapability, { capability, reason: because });
    await body();
    await backend.run(restoreCapability, { capability, reason: 'it was repaired and reviewed' });
  };

  test.each(['shipping.commit', 'shipping', '*'])('on %s refuses shipping.commit and names itself', async (name) => {
    await killed(name, async () => {
      expect(await answerTo(asking('shipping.commit'))).toBe('BLOCKED_BY_KILL_SWITCH');
      expect(await guard.check(asking('shipping.commit'))).toMatchObject({
        restriction: { kind: 'kill_switch', name, reason: because, until: null },
        next: expect.stringContaining('policy-restore') as string,
      });
      expect(await answerTo(asking('shipping.diagnose'))).toBe('ALLOWED');
      expect(await answerTo(asking('connector.slack.read'))).toBe('ALLOWED');
    });
    expect(await answerTo(asking('shipping.commit'))).toBe('ALLOWED');
  });

  test.each(['shipping.push', 'ship', 'shipping.commit.force'])('on %s leaves shipping.commit alone', async (name) => {
    await killed(name, async () => {
      expect(await answerTo(asking('shipping.commit'))).toBe('ALLOWED');
    });
  });

  test('with an end binds until then, to the millisecond', async () => {
    const now = backend.clock.now.getTime();
    await backend.run(killCapability, {
      capability: 'shipping',
      reason: because,
      until: new Date(now + HOUR).toISOString(),
    });
    backend.clock.now = new Date(now + HOUR - 1);
    expect(await answerTo(asking('shipping.push'))).toBe('BLOCKED_BY_KILL_SWITCH');
    backend.clock.now = new Date(now + HOUR);
    expect(await answerTo(asking('shipping.push'))).toBe('ALLOWED');
    backend.clock.now = new Date(now);
    await backend.run(restoreCapability, { capability: 'shipping', reason: 'it was repaired and reviewed' });
  });

  test('lets pass whom it exempts, for exactly that capability', async () => {
    await killed('shipping', async () => {
      const until = new Date(backend.clock.now.getTime() + HOUR).toISOString();
      const exempted = { owner: 'uid-agent', capability: 'shipping.push', justification: because, until };
      await backend.run(grantExemption, exempted);
      expect(await answerTo(asking('shipping.push'))).toBe('ALLOWED');
      expect(await answerTo(asking('shipping.commit'))).toBe('BLOCKED_BY_KILL_SWITCH');
      expect(await answerTo(asking('shipping.push', { actor: 'uid-other' }))).toBe('BLOCKED_BY_KILL_SWITCH');
      // One call stops it, whatever was granted before.
      await backend.run(killCapability, { capability: '*', reason: because });
      expect(await answerTo(asking('shipping.push'))).toBe('BLOCKED_BY_KILL_SWITCH');
      await backend.run(restoreCapability, { capability: '*', reason: 'it was repaired and reviewed' });
    });
  });
});

describe('a mode', () => {
  const CLASSES: Record<CapabilityClass, string[]> = {
    diagnostic: ['shipping.diagnose', 'report.probe'],
    read: ['connector.any.read', 'report.export'],
    write: ['firestore.write', 'report.store'],
    connector_write: ['shipping.push', 'connector.any.write', 'nobody.knows.this'],
  };

  test.each(['degraded', 'read_only', 'offline'] as const)('%s forbids what the table says', async (mode) => {
    await backend.run(enterDegraded, { mode, reason: because });
    for (const [kind, names] of Object.entries(CLASSES)) {
      const expected = FORBIDDEN[mode].includes(kind as CapabilityClass) ? 'DEGRADED_MODE' : 'ALLOWED';
      for (const name of names) expect([name, await answerTo(asking(name))]).toEqual([name, expected]);
    }
    if (mode === 'degraded') {
      expect(await guard.check(asking('shipping.push'))).toEqual({ allowed: true, mode: 'degraded' });
    } else {
      expect(await guard.check(asking('shipping.push'))).toMatchObject({ restriction: { kind: 'mode', name: mode } });
    }
    await backend.run(exitDegraded, {});
  });
});

describe('without a policy', () => {
  test.each([
    ['that is missing', undefined],
    ['of another version', { version: 5 }],
  ])('one %s: writes are denied, diagnostics and reads go on', async (_name, policy) => {
    const document = backend.firestore.doc('muster_policy/current');
    const before = (await document.get()).data()!;
    await (policy ? document.set(policy) : document.delete());
    for (const name of ['shipping.push', 'firestore.write'])
      expect(await answerTo(asking(name))).toBe('POLICY_UNAVAILABLE');
    for (const name of ['shipping.diagnose', 'report.export']) expect(await answerTo(asking(name))).toBe('ALLOWED');
    await document.set(before);
  });
});

test('every reason of the closed set was seen, each counted and told to the audit once for its caller and minute', async () => {
  const { docs } = await backend.firestore.collection('muster_refusals').get();
  const reasons = new Set(docs.map((found) => found.get('reason') as string));
  expect(reasons).toEqual(new Set(GUARD_REASONS));
  const entries = (await backend.auditEntries()).filter(({ action }) => action === 'capability.refused');
  expect(entries).toHaveLength(docs.length);
});
