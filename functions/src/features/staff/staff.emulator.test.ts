import { getAuth } from 'firebase-admin/auth';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { claimsOf, newPerson } from '../../../test/people';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { Role } from '@muster/contract/staff';
import { getPolicy, recordDegraded } from '../policy';
import { grantStaff, revokeStaff } from '.';

let watched: Watched;
const admin = as('admin');
beforeEach(async () => {
  watched = await watchedBackend();
  await newPerson(watched.backend, 'ada', { product: 'gold' });
});
afterEach(() => watched.backend.close());

const NO_DRIFT = { gone: [], unknown: [] };
const grant = (uid: string, role: Role) => watched.call(grantStaff, { uid, role, reason: 'on call' }, admin);
const revoke = (uid: string, role: Role) => watched.call(revokeStaff, { uid, role, reason: 'left' }, admin);

/** A caller whose token was issued so many seconds after the start of the test, with the claims it had then. */
const signedIn = (uid: string, afterSeconds: number, claimed: Role[]) => ({
  identity: { uid, authTime: START.getTime() / 1000 + afterSeconds, claimed },
  confirmed: Promise.resolve(),
  correlationId: `test-${uid}`,
});

describe('granting a role', () => {
  test('sets the claim, and leaves the claims of the host as they are', async () => {
    expect(await grant('ada', 'auditor')).toEqual({ uid: 'ada', roles: ['auditor'], changed: true, drift: NO_DRIFT });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ product: 'gold', auditor: true });
    expect(watched.entry()).toMatchObject({
      action: 'staff.role_granted',
      actorId: 'uid-admin',
      target: 'staff/ada',
      rationale: 'on call',
      metadata: { role: 'auditor', roles: ['auditor'] },
    });
  });

  test('finds a user by e-mail too, and keeps the e-mail out of the audit', async () => {
    const input = { email: 'ada@muster.example', role: 'staff', reason: 'on call' };
    expect(await watched.call(grantStaff, input, admin)).toMatchObject({ uid: 'ada', changed: true });
    expect(JSON.stringify(watched.entry())).not.toContain('ada@');
  });

  test('that is held already changes nothing', async () => {
    await grant('ada', 'staff');
    expect(await grant('ada', 'staff')).toEqual({ uid: 'ada', roles: ['staff'], changed: false, drift: NO_DRIFT });
    expect(watched.changedSomething()).toBe(false);
  });

  test('of an admin is granting that of staff too', async () => {
    expect((await grant('ada', 'admin')).roles).toEqual(['staff', 'admin']);
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ product: 'gold', staff: true, admin: true });
  });

  test('keeps a role that was set past Muster before', async () => {
    await newPerson(watched.backend, 'bob', { auditor: true });
    expect((await grant('bob', 'staff')).roles).toEqual(['staff', 'auditor']);
  });

  /** When nothing is on its way any more. */
  const byHand = async (claims: Record<string, unknown>) => {
    watched.backend.clock.now = new Date(START.getTime() + 60_000);
    await getAuth(watched.backend.app).setCustomUserClaims('ada', claims);
  };

  test('brings back no role whose claim was removed by hand, and tells of it', async () => {
    await grant('ada', 'admin');
    await byHand({ product: 'gold', staff: true });
    const drift = { gone: ['admin'], unknown: [] };
    expect(await grant('ada', 'auditor')).toEqual({ uid: 'ada', roles: ['staff', 'auditor'], changed: true, drift });
    expect(watched.entry()).toMatchObject({ metadata: { roles: ['staff', 'auditor'], drift } });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ product: 'gold', staff: true, auditor: true });
  });

  test('that was removed by hand is granted anew with an entry', async () => {
    await grant('ada', 'staff');
    await byHand({});
    expect(await grant('ada', 'staff')).toMatchObject({ changed: true, drift: { gone: ['staff'] } });
    expect(watched.entry()).toMatchObject({ action: 'staff.role_granted' });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ staff: true });
  });

  test('takes a claim that was set by hand after the roster was written', async () => {
    await grant('ada', 'auditor');
    await byHand({ auditor: true, admin: true });
    expect(await grant('ada', 'recorder')).toMatchObject({
      roles: ['auditor', 'recorder'],
      drift: { unknown: ['admin'] },
    });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ auditor: true, recorder: true });
  });

  test('no call that changes nothing raises a claim: not a revocation of what is not held, not an old request', async () => {
    const request = { uid: 'ada', role: 'admin', reason: 'on call', requestId: 'grant:1' };
    await watched.call(grantStaff, request, admin);
    await byHand({ product: 'gold' });
    expect(await revoke('ada', 'recorder')).toMatchObject({ changed: false, drift: { gone: ['staff', 'admin'] } });
    expect(await watched.refused(grantStaff, request, admin)).toMatchObject({
      details: { reason: 'AUTH_NOT_UPDATED', next: expect.stringContaining('anew') },
    });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ product: 'gold' });
  });

  test('names each field that is wrong, also a user that is not there', async () => {
    await expectBadInputIsNamed(watched, grantStaff, { uid: 'ada', role: 'staff', reason: 'why' }, BAD, admin);
    for (const who of [{ uid: 'nobody' }, { email: 'nobody@muster.example' }]) {
      expect(await watched.refused(grantStaff, { ...who, role: 'staff', reason: 'why' }, admin)).toMatchObject({
        code: 'NOT_FOUND',
        details: { reason: 'UNKNOWN_USER', fields: [{ field: Object.keys(who)[0] }] },
      });
    }
  });

  test('is done once for one requestId', async () => {
    await newPerson(watched.backend, 'bob');
    await expectRequestIdsAreKept(
      watched,
      grantStaff,
      {
        one: { uid: 'ada', role: 'staff', reason: 'why' },
        other: { uid: 'ada', role: 'auditor', reason: 'why' },
        forAnotherUser: { uid: 'bob', role: 'staff', reason: 'why' },
      },
      'admin',
    );
  });
});

describe('revoking a role', () => {
  test('takes the claim, and leaves the claims of the host as they are', async () => {
    await grant('ada', 'staff');
    await grant('ada', 'auditor');
    expect(await revoke('ada', 'staff')).toEqual({ uid: 'ada', roles: ['auditor'], changed: true, drift: NO_DRIFT });
    expect(await claimsOf(watched.backend, 'ada')).toEqual({ product: 'gold', auditor: true });
    expect(watched.entry()).toMatchObject({
      action: 'staff.role_revoked',
      target: 'staff/ada',
      rationale: 'left',
      metadata: { role: 'staff', roles: ['auditor'], sessionsEndedAt: START.toISOString() },
    });
  });

  test('ends the sessions: every token issued until then is refused at once, also for what anyone may call', async () => {
    await grant('ada', 'staff');
    const before = signedIn('ada', -1, ['staff']);
    await watched.call(recordDegraded, { status: 'entered', mode: 'degraded' }, before);
    await revoke('ada', 'staff');
    const refusals = [
      await watched.refused(recordDegraded, { status: 'entered', mode: 'degraded' }, before),
      await watched.refused(getPolicy, {}, before),
    ];
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', details: { reason: 'SESSION_REVOKED' } });
    }
    await watched.call(getPolicy, {}, signedIn('ada', 0, []));
  });

  test('binds although a newer token still carries the claim, until the role is granted again', async () => {
    await grant('ada', 'staff');
    await revoke('ada', 'staff');
    const newer = signedIn('ada', 60, ['staff']);
    expect(await watched.refused(recordDegraded, { status: 'entered', mode: 'degraded' }, newer)).toMatchObject({
      code: 'PERMISSION_DENIED',
      details: { reason: 'ROLE_MISSING' },
    });
    expect(await grant('ada', 'staff')).toEqual({ uid: 'ada', roles: ['staff'], changed: true, drift: NO_DRIFT });
    await watched.call(recordDegraded, { status: 'entered', mode: 'degraded' }, newer);
    expect(await watched.refused(getPolicy, {}, signedIn('ada', -1, ['staff']))).toMatchObject({
      details: { reason: 'SESSION_REVOKED' },
    });
  });

  test('takes also a claim that was set past Muster', async () => {
    await newPerson(watched.backend, 'bob', { staff: true, product: 'free' });
    expect(await revoke('bob', 'staff')).toEqual({
      uid: 'bob',
      roles: [],
      changed: true,
      drift: { gone: [], unknown: ['staff'] },
    });
    expect(await claimsOf(watched.backend, 'bob')).toEqual({ product: 'free' });
  });

  test('that is not held changes nothing', async () => {
    expect(await revoke('ada', 'auditor')).toEqual({ uid: 'ada', roles: [], changed: false, drift: NO_DRIFT });
    expect(watched.changedSomething()).toBe(false);
  });

  test.each(['admin', 'staff'] as const)('"%s" of the last admin is refused, whoever asks', async (role) => {
    await grant('ada', 'admin');
    for (const call of [admin, signedIn('ada', 0, ['admin'])]) {
      expect(await watched.refused(revokeStaff, { uid: 'ada', role, reason: 'why' }, call)).toMatchObject({
        code: 'CONFLICT',
        details: { reason: 'LAST_ADMIN', next: expect.any(String) },
      });
    }
    expect(await claimsOf(watched.backend, 'ada')).toMatchObject({ admin: true, staff: true });
  });

  test('of an admin works as soon as there is another one', async () => {
    await grant('ada', 'admin');
    await newPerson(watched.backend, 'bob');
    await grant('bob', 'admin');
    expect((await revoke('ada', 'admin')).roles).toEqual(['staff']);
    expect(
      (await watched.refused(revokeStaff, { uid: 'bob', role: 'admin', reason: 'why' }, admin)).details.reason,
    ).toBe('LAST_ADMIN');
  });

  test('names each field that is wrong', () =>
    expectBadInputIsNamed(watched, revokeStaff, { uid: 'ada', role: 'staff', reason: 'why' }, BAD, admin));

  test('is done once for one requestId', async () => {
    await newPerson(watched.backend, 'bob');
    await grant('ada', 'staff');
    await grant('bob', 'staff');
    await expectRequestIdsAreKept(
      watched,
      revokeStaff,
      {
        one: { uid: 'ada', role: 'staff', reason: 'why' },
        other: { uid: 'bob', role: 'staff', reason: 'why' },
        forAnotherUser: { uid: 'bob', role: 'staff', reason: 'why' },
      },
      'admin',
    );
  });
});

const BAD = [
  ...NEVER,
  ['neither uid nor e-mail', { uid: undefined }, 'uid'],
  ['both uid and e-mail', { email: 'ada@muster.example' }, 'uid'],
  ['a uid with a slash', { uid: 'a/b' }, 'uid'],
  ['a uid that Firestore reserves', { uid: '__all__' }, 'uid'],
  ['an e-mail that is none', { uid: undefined, email: 'ada' }, 'email'],
  ['no role', { role: undefined }, 'role'],
  ['a role that is not one', { role: 'owner' }, 'role'],
  ['no reason', { reason: undefined }, 'reason'],
] as const satisfies Parameters<typeof expectBadInputIsNamed>[3];
