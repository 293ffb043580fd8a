/** Firebase Auth is told after the commit: it may fail, be late, or be told in another order. It must end up right. */
import { givenAgain } from '../../../test/request-ids';
import { CommitGate } from '../../../test/commit-gate';
import { as, newBackend, refusalOf, START, type Backend } from '../../../test/harness';
import { claimsOf, newPerson } from '../../../test/people';
import type { Role } from '@muster/contract/staff';
import type { Adapters } from '../../platform/operations/adapters';
import type { StaffDirectory } from '../../platform/adapters/staff-directory';
import { getPolicy } from '../policy';
import { grantStaff, revokeStaff } from '.';

let backend: Backend;
let gate: CommitGate;
/** Firebase Auth knows seconds only, so the calls are counted instead. */
let sessionsEnded: string[];
const admin = as('admin');
beforeEach(async () => {
  gate = new CommitGate();
  backend = await newBackend({ fetch: gate.fetch });
  sessionsEnded = [];
  const { directory } = backend.deps;
  backend.deps.directory = {
    ...directory,
    async endSessions(uid) {
      await directory.endSessions(uid);
      sessionsEnded.push(uid);
    },
  };
  await newPerson(backend, 'ada', { product: 'gold' });
});
afterEach(() => backend.close());

const input = (uid: string, role: Role) => ({ uid, role, reason: 'why' });

/** The same backend, whose way to Firebase Auth breaks once, at the named step. */
const breaking = (step: 'setRoles' | 'endSessions'): Adapters => {
  let broken = false;
  const once = async (): Promise<void> => {
    if (broken) return;
    broken = true;
    throw new Error('Firebase Auth is away');
  };
  const { directory } = backend.deps;
  const wrapped: StaffDirectory = {
    ...directory,
    async setRoles(uid, roles) {
      if (step === 'setRoles') await once();
      await directory.setRoles(uid, roles);
    },
    async endSessions(uid) {
      if (step === 'endSessions') await once();
      await directory.endSessions(uid);
    },
  };
  return { ...backend.deps, directory: wrapped };
};

describe('when Firebase Auth fails after the commit', () => {
  test('a grant says so, and is granted anew, with an entry of its own: nothing is raised without one', async () => {
    const deps = breaking('setRoles');
    const request = { ...input('ada', 'staff'), requestId: 'request:1' };
    const notUpdated = {
      code: 'UNAVAILABLE',
      details: { reason: 'AUTH_NOT_UPDATED', next: expect.stringContaining('anew') },
    };
    expect(await refusalOf(grantStaff.run(deps, admin, request))).toMatchObject(notUpdated);
    expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold' });
    expect(await refusalOf(grantStaff.run(deps, admin, request))).toMatchObject(notUpdated);

    await grantStaff.run(deps, admin, { ...request, requestId: 'request:2' });
    expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold', staff: true });
    expect(await backend.auditEntries()).toHaveLength(2);
  });

  test.each([
    ['setRoles', undefined],
    ['setRoles', 'request:1'],
    ['endSessions', undefined],
    ['endSessions', 'request:1'],
  ] as const)(
    'a revocation binds already, and the same call again finishes it (%s, requestId %s)',
    async (step, id) => {
      await backend.run(grantStaff, input('ada', 'staff'), admin);
      const deps = breaking(step);
      const request = { ...input('ada', 'staff'), ...(id ? { requestId: id } : {}) };
      expect(await refusalOf(revokeStaff.run(deps, admin, request))).toMatchObject({
        code: 'UNAVAILABLE',
        details: { reason: 'AUTH_NOT_UPDATED' },
      });
      expect(await refusalOf(backend.run(getPolicy, {}, as('staff', 'ada')))).toMatchObject({
        details: { reason: 'SESSION_REVOKED' },
      });

      await revokeStaff.run(deps, admin, request);
      expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold' });
      expect(sessionsEnded).toContain('ada');
    },
  );
});

describe('an old request that is repeated', () => {
  test('does not take back, nor end the sessions of, a role that was granted again since', async () => {
    await backend.run(grantStaff, input('ada', 'staff'), admin);
    const request = { ...input('ada', 'staff'), requestId: 'revoke:1' };
    const first = await backend.run(revokeStaff, request, admin);
    await backend.run(grantStaff, input('ada', 'staff'), admin);

    expect(await backend.run(revokeStaff, request, admin)).toEqual(givenAgain(first));
    expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold', staff: true });
    expect(sessionsEnded).toEqual(['ada']);
  });

  test('does not give again the claim of a role that was revoked since', async () => {
    const request = { ...input('ada', 'staff'), requestId: 'grant:1' };
    const first = await backend.run(grantStaff, request, admin);
    await backend.run(revokeStaff, input('ada', 'staff'), admin);
    expect(await backend.run(grantStaff, request, admin)).toEqual(givenAgain(first));
    expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold' });
  });
});

describe('at once', () => {
  test('two admins who revoke each other do not both succeed: one remains', async () => {
    await newPerson(backend, 'bob');
    await backend.run(grantStaff, input('ada', 'admin'), admin);
    await backend.run(grantStaff, input('bob', 'admin'), admin);
    gate.holdUntil(2);
    const settled = await Promise.allSettled([
      backend.run(revokeStaff, input('bob', 'admin'), as('admin', 'ada')),
      backend.run(revokeStaff, input('ada', 'admin'), as('admin', 'bob')),
    ]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const admins = await backend.firestore.collection('muster_staff').where('isAdmin', '==', true).get();
    expect(admins.size).toBe(1);
    expect(await claimsOf(backend, admins.docs[0]!.id)).toMatchObject({ admin: true });
    expect((await backend.auditEntries()).filter(({ action }) => action === 'staff.role_revoked')).toHaveLength(1);
  });

  test('two roles granted to one user are both in its claims, though Auth is told of them in the wrong order', async () => {
    let release = () => {};
    const overtaken = new Promise<void>((resolve) => (release = resolve));
    const { directory } = backend.deps;
    const late: StaffDirectory = {
      ...directory,
      async setRoles(uid, roles) {
        if (!roles.includes('auditor')) await overtaken;
        await directory.setRoles(uid, roles);
      },
    };
    const deps = { ...backend.deps, directory: late };
    const first = grantStaff.run(deps, admin, input('ada', 'staff'));
    await until(async () => (await backend.auditEntries()).length === 1);
    await grantStaff.run(deps, admin, input('ada', 'auditor'));
    release();
    await first;
    expect(await claimsOf(backend, 'ada')).toEqual({ product: 'gold', staff: true, auditor: true });
  });
});

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
};

test('the moment of a revocation is the time of the backend, not that of Firebase Auth', async () => {
  await backend.run(grantStaff, input('ada', 'staff'), admin);
  await backend.run(revokeStaff, input('ada', 'staff'), admin);
  const stored = await backend.firestore.doc('muster_revocations/ada').get();
  expect((stored.get('validAfter') as { toDate(): Date }).toDate()).toEqual(START);
});
