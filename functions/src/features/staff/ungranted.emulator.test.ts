/** Claims that Muster did not grant: found, told, and where the deployment says so, no roles. */
import { getAuth } from 'firebase-admin/auth';
import { as, START } from '../../../test/harness';
import { claimsOf, newPerson } from '../../../test/people';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { Account } from '../../platform/adapters/staff-directory';
import { runJob } from '../../platform/operations/job';
import { killCapability } from '../policy';
import { grantStaff, listStaff, revokeStaff, surveyClaims } from '.';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const admin = as('admin');
const kill = { capability: 'shipping.commit', reason: 'it ships what nobody ordered' };
const survey = (hours: number) =>
  runJob(watched.backend.deps, surveyClaims, new Date(START.getTime() + hours * 3_600_000));
const list = () => watched.backend.run(listStaff, {}, as('auditor'));
const grant = (uid: string, role: 'staff' | 'auditor') =>
  watched.backend.run(grantStaff, { uid, role, reason: 'on call' }, admin);

/** Firebase Auth with these pages of accounts. */
const pages = (...all: Account[][]) => {
  const { directory } = watched.backend.deps;
  watched.backend.deps.directory = {
    ...directory,
    page: async (from) => {
      const index = Number(from ?? 0);
      return { accounts: all[index] ?? [], next: index + 1 < all.length ? String(index + 1) : null };
    },
  };
};
const account = (uid: string, ...roles: Account['roles']): Account => ({ uid, roles, disabled: false });

describe('where the roster decides', () => {
  beforeEach(() => {
    watched.backend.deps.limits.rolesFrom = 'roster';
  });

  test('a claim alone lets nobody do anything, is counted, and counts once it is granted; until it is revoked', async () => {
    await newPerson(watched.backend, 'ada', { staff: true });
    await watched.given('muster_revocations/uid-admin', {
      validAfter: new Date(0),
      withdrawn: [],
      granted: ['staff', 'admin'],
    });
    const ada = as('staff', 'ada');
    expect(await watched.refused(killCapability, kill, ada)).toMatchObject({
      code: 'PERMISSION_DENIED',
      details: { reason: 'ROLE_NOT_GRANTED', next: expect.stringContaining('staff-grant') },
    });
    const refusals = (await watched.backend.auditEntries()).filter(({ outcome }) => outcome === 'refused');
    expect(refusals).toMatchObject([{ actorId: 'ada', metadata: { reason: 'ROLE_NOT_GRANTED' } }]);

    expect(await grant('ada', 'staff')).toMatchObject({ changed: true, roles: ['staff'] });
    expect(await grant('ada', 'staff')).toMatchObject({ changed: false });
    await watched.backend.run(killCapability, kill, ada);
    await watched.backend.run(revokeStaff, { uid: 'ada', role: 'staff', reason: 'left' }, admin);
    const again = { ...ada, identity: { ...ada.identity, authTime: START.getTime() / 1000 + 60 } };
    await watched.settle();
    expect(await watched.refused(killCapability, kill, again)).toMatchObject({ details: { reason: 'ROLE_MISSING' } });
  });

  test('a claim of the product’s own makes nobody an admin with another grant, and stays the product’s', async () => {
    await newPerson(watched.backend, 'eve', { admin: true, product: 'gold' });
    await watched.given('muster_revocations/uid-admin', {
      validAfter: new Date(0),
      withdrawn: [],
      granted: ['staff', 'admin'],
    });
    expect(await grant('eve', 'auditor')).toMatchObject({
      roles: ['auditor'],
      drift: { gone: [], unknown: ['admin'] },
    });
    const claims = { admin: true, auditor: true, product: 'gold' };
    expect(await claimsOf(watched.backend, 'eve')).toEqual(claims);
    await watched.settle();
    expect(await watched.refused(killCapability, kill, as('admin', 'eve'))).toMatchObject({
      details: { reason: 'ROLE_NOT_GRANTED' },
    });
    await watched.backend.run(revokeStaff, { uid: 'eve', role: 'auditor', reason: 'left' }, admin);
    expect(await claimsOf(watched.backend, 'eve')).toEqual({ admin: true, product: 'gold' });
  });

  test('whoever was on the roster before is granted anew: nothing is taken over in silence', async () => {
    await newPerson(watched.backend, 'ada', { staff: true });
    watched.backend.deps.limits.rolesFrom = 'claims';
    await grant('ada', 'staff');
    watched.backend.deps.limits.rolesFrom = 'roster';
    await watched.given('muster_revocations/uid-admin', {
      validAfter: new Date(0),
      withdrawn: [],
      granted: ['staff', 'admin'],
    });
    await watched.settle();
    expect(await watched.refused(killCapability, kill, as('staff', 'ada'))).toMatchObject({
      details: { reason: 'ROLE_NOT_GRANTED' },
    });
    expect(await grant('ada', 'staff')).toMatchObject({ changed: true });
    await watched.backend.run(killCapability, kill, as('staff', 'ada'));
  });
});

test('the survey finds claims that nobody granted, page by page, and says how far it is', async () => {
  expect((await list()).survey).toBeNull();
  await newPerson(watched.backend, 'ada');
  await grant('ada', 'staff');
  pages([account('ada', 'staff'), account('eve', 'admin', 'staff')], [account('bob'), account('ada2', 'auditor')]);
  await survey(1);
  expect((await list()).survey).toMatchObject({
    completedAt: null,
    accounts: 2,
    ungranted: [{ uid: 'eve', roles: ['admin', 'staff'] }],
  });
  await survey(2);
  // The same run again, as a schedule may do, looks at nothing twice.
  await survey(2);
  const entries = (await watched.backend.auditEntries()).filter(({ action }) => action === 'staff.claims_surveyed');
  expect(entries).toMatchObject([
    { target: 'claimSurvey/current', metadata: { complete: false, ungranted: [{ uid: 'eve' }] } },
    { metadata: { complete: true, ungranted: [{ uid: 'ada2', roles: ['auditor'] }] } },
  ]);
  expect((await list()).survey).toMatchObject({
    completedAt: new Date(START.getTime() + 2 * 3_600_000).toISOString(),
    accounts: 4,
    ungranted: [{ uid: 'eve' }, { uid: 'ada2' }],
    more: 0,
  });
  // The next pass begins anew, and forgets who has lost it since.
  pages([account('ada', 'staff')]);
  await survey(3);
  expect((await list()).survey).toMatchObject({ accounts: 1, ungranted: [] });
});

test('of very many, the first hundred are listed and all are counted', async () => {
  pages(Array.from({ length: 130 }, (_, index) => account(`eve-${index}`, 'staff')));
  await survey(1);
  const { survey: found } = await list();
  expect([found?.ungranted.length, found?.more]).toEqual([100, 30]);
});

test('real accounts are looked at, and a place that Firebase Auth has forgotten is no end', async () => {
  await newPerson(watched.backend, 'eve', { admin: true, product: 'gold' });
  await survey(1);
  expect((await list()).survey).toMatchObject({ ungranted: [{ uid: 'eve', roles: ['admin'] }] });
});

test('the list says where Firebase Auth says otherwise, and who is gone', async () => {
  for (const uid of ['ada', 'bob', 'eve']) {
    await newPerson(watched.backend, uid);
    await grant(uid, 'staff');
  }
  await getAuth(watched.backend.app).setCustomUserClaims('ada', { auditor: true });
  await getAuth(watched.backend.app).updateUser('bob', { disabled: true });
  await getAuth(watched.backend.app).deleteUser('eve');
  await watched.settle();
  const { staff, rolesFrom } = await watched.call(listStaff, {}, as('auditor'));
  expect(rolesFrom).toBe('claims');
  expect(Object.fromEntries(staff.map(({ uid, ...rest }) => [uid, rest]))).toMatchObject({
    ada: { roles: ['staff'], standing: 'enabled', drift: { gone: ['staff'], unknown: ['auditor'] } },
    bob: { standing: 'disabled', drift: { gone: [], unknown: [] } },
    eve: { standing: 'deleted' },
  });
});
