import { randomBytes } from 'node:crypto';
import type { Firestore } from 'firebase-admin/firestore';
import { formerRelease, type ResponseOf } from '@muster/contract';
import { bootstrap, type Bootstrapped } from '../src/bootstrap/bootstrap';
import type { CatalogEntry } from '../src/bootstrap/catalog';
import { NORMAL_POLICY } from '@muster/contract/normal-policy';
import { behind, deskOf, newProcessDesk, newScenario, type Behind } from './desk/muster';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const CATALOG: CatalogEntry[] = [
  {
    id: 'token-compromise',
    scenario: {
      ...{ title: 'Token compromise', kind: 'tabletop', severity: 'P1', cadence: 'quarterly' },
      ...{ summary: 'A token leaks.', objectives: ['Revoke it'], steps: ['Revoke the token'], source: null },
      ...{ injects: [], signals: [] },
    },
  },
];

// Each test has a project of its own, in which nobody is admin yet.
let suite: Behind;
beforeEach(() => {
  suite = behind(`demo-b${randomBytes(6).toString('hex')}`);
});
afterEach(() => suite.close());

const deps = () => ({ firestore: suite.firestore, auth: suite.auth, clock: () => NOW, catalog: CATALOG });

const documentsIn = async (firestore: Firestore, collection: string) =>
  (await firestore.collection(collection).get()).docs.map((found) => ({ id: found.id, ...found.data() }));

describe('the command', () => {
  // It sets the environment of its process, because the SDK finds the emulators nowhere else.
  const run = (...args: string[]) =>
    newProcessDesk().run(['staff', 'bootstrap', '--project', suite.projectId, ...args]);

  test('makes the first admin, changes nothing the second time, and refuses another user', async () => {
    const [first, other] = [await suite.newPerson({ host: 'keeps' }), await suite.newPerson()];
    const made = await run('--email', first.email, '--json');
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const done = JSON.parse(made.stdout) as Bootstrapped;
    expect(done).toMatchObject({ uid: first.uid, roles: ['staff', 'admin'], changed: true, policyCreated: true });
    expect(done.scenariosCreated).toContain('token-compromise');
    expect((await suite.auth.getUser(first.uid)).customClaims).toEqual({ host: 'keeps', staff: true, admin: true });

    const again = await run('--uid', first.uid);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing was changed') });

    const refused = await run('--email', other.email);
    expect(refused).toMatchObject({ exitCode: 6, stdout: '', stderr: expect.stringContaining('has an admin already') });
    expect((await suite.auth.getUser(other.uid)).customClaims).toBeUndefined();

    expect(await documentsIn(suite.firestore, 'muster_staff')).toMatchObject([{ id: first.uid, isAdmin: true }]);
    expect(await documentsIn(suite.firestore, 'muster_audit')).toHaveLength(1);
  });

  test('an unknown user is 5, nobody and a user named twice are 2', async () => {
    expect((await run('--email', 'nobody@people.example')).exitCode).toBe(5);
    expect((await run()).exitCode).toBe(2);
    expect((await run('--email', 'a@people.example', '--uid', 'b')).exitCode).toBe(2);
    expect(await documentsIn(suite.firestore, 'muster_audit')).toEqual([]);
  });

  test('a suite that is down is 7', async () => {
    const down = { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1', FIRESTORE_EMULATOR_HOST: '127.0.0.1:2' };
    const args = ['staff', 'bootstrap', '--project', suite.projectId, '--uid', 'someone'];
    expect((await newProcessDesk().run(args, down)).exitCode).toBe(7);
  });
});

test('two operators at once make one admin', async () => {
  const people = await Promise.all([suite.newPerson(), suite.newPerson()]);
  const outcomes = await Promise.allSettled(people.map(({ uid }) => bootstrap(deps(), { uid })));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await documentsIn(suite.firestore, 'muster_staff')).toHaveLength(1);
  expect(await documentsIn(suite.firestore, 'muster_audit')).toHaveLength(1);
});

test('claims that could not be set are set by running it again, with an entry of its own', async () => {
  const { uid } = await suite.newPerson();
  const broken = {
    getUser: (id: string) => suite.auth.getUser(id),
    getUserByEmail: (email: string) => suite.auth.getUserByEmail(email),
    setCustomUserClaims: () => Promise.reject(new Error('Auth is away')),
  };
  await expect(bootstrap({ ...deps(), auth: broken }, { uid })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    details: { reason: 'AUTH_NOT_UPDATED' },
  });
  expect(await bootstrap(deps(), { uid })).toMatchObject({ changed: true, policyCreated: false, scenariosCreated: [] });
  expect((await suite.auth.getUser(uid)).customClaims).toEqual({ staff: true, admin: true });
  expect(await documentsIn(suite.firestore, 'muster_audit')).toHaveLength(2);
});

test('a role that was withdrawn from the user counts again', async () => {
  const { uid } = await suite.newPerson();
  const revocation = suite.firestore.doc(`muster_revocations/${uid}`);
  await revocation.set({ validAfter: NOW, withdrawn: ['auditor', 'staff', 'admin'] });
  await bootstrap(deps(), { uid });
  expect((await revocation.get()).get('withdrawn')).toEqual(['auditor']);
});

const READ_ONLY = { name: 'read_only', since: NOW, until: null, by: 'someone', reason: 'real' };
const STANDING = { activation: null, exemptions: {}, endRequest: null };
const KILLED = { since: NOW, until: null, by: 'someone', reason: 'real', ...STANDING };

// Version 1 is for the backend to bring up to date: it knows what that must restrict meanwhile.
test.each([
  ['of version 2', { version: 2, mode: { ...READ_ONLY, ...STANDING }, killSwitches: { shipping: KILLED } }],
  [
    'of version 3',
    { version: 3, mode: { ...READ_ONLY, ...STANDING }, killSwitches: { shipping: KILLED }, offline: {} },
  ],
  ['of version 1', { version: 1, mode: READ_ONLY }],
  ['that nobody can read', { version: 4 }],
])('what is there already stays as it is, a policy %s too', async (_what, policy) => {
  const { uid } = await suite.newPerson();
  await suite.firestore.doc('muster_policy/current').set(policy);
  const before = (await suite.firestore.doc('muster_policy/current').get()).data();
  await suite.firestore.doc('muster_scenarios/token-compromise').set({ own: true });
  const done = await bootstrap(deps(), { uid });
  expect(done).toMatchObject({ changed: true, policyCreated: false, scenariosCreated: [] });
  expect((await suite.firestore.doc('muster_policy/current').get()).data()).toEqual(before);
  expect((await suite.firestore.doc('muster_scenarios/token-compromise').get()).data()).toEqual({ own: true });
});

describe('where there is a document policy/current', () => {
  const former = () => suite.firestore.doc(formerRelease.FORMER_POLICY);

  test.each([
    ['of version 1', { version: 1, mode: READ_ONLY }],
    [
      'of version 3',
      { version: 3, mode: { ...READ_ONLY, ...STANDING }, killSwitches: { shipping: KILLED }, offline: {} },
    ],
  ])('that is the policy of 0.1.0, %s, nothing begins, and it is said how to', async (_what, policy) => {
    const { uid } = await suite.newPerson();
    await former().set(policy);
    const before = (await former().get()).updateTime;
    await expect(bootstrap(deps(), { uid })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'FORMER_RELEASE_STANDS', next: expect.stringContaining('docs/operations.md') },
    });
    expect((await suite.firestore.listCollections()).map(({ id }) => id)).toEqual(['policy']);
    expect((await former().get()).updateTime).toEqual(before);
    expect((await suite.auth.getUser(uid)).customClaims).toBeUndefined();

    await former().delete();
    expect(await bootstrap(deps(), { uid })).toMatchObject({ policyCreated: true });
  });

  test.each([
    ['a document of the product', { title: 'Returns', version: 7, mode: 'strict' }],
    ['the policy of 0.1.0, but this release has begun', { version: 1, mode: READ_ONLY }],
  ])('that is %s, it is left alone and in no way', async (_what, own) => {
    const { uid } = await suite.newPerson();
    await former().set(own);
    if ('name' in Object(own.mode)) await suite.firestore.doc('muster_policy/current').set(NORMAL_POLICY);
    const before = (await former().get()).updateTime;
    expect(await bootstrap(deps(), { uid })).toMatchObject({ changed: true });
    expect((await former().get()).updateTime).toEqual(before);
  });
});

test('a disabled user does not become admin', async () => {
  const { uid } = await suite.newPerson();
  await suite.auth.updateUser(uid, { disabled: true });
  await expect(bootstrap(deps(), { uid })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await documentsIn(suite.firestore, 'muster_staff')).toEqual([]);
});

test('the backend reads what bootstrap wrote: its schemas refuse every key and type that is not theirs', async () => {
  const deployed = behind();
  const { uid } = await suite.newPerson();
  await bootstrap(deps(), { uid });
  const scenario = await newScenario(deployed);
  const desk = await deskOf(deployed, { staff: true, admin: true });
  await deployed.auth.createUser({ uid });
  await deployed.auth.setCustomUserClaims(uid, { staff: true, admin: true });
  const copied = ['muster_staff', 'muster_audit'] as const;
  for (const collection of copied) {
    for (const { id, ...data } of await documentsIn(suite.firestore, collection)) {
      await deployed.firestore.doc(`${collection}/${id}`).set(data);
    }
  }
  const [stored] = await documentsIn(suite.firestore, 'muster_scenarios');
  const { id: _, ...catalogEntry } = stored ?? { id: '' };
  await deployed.firestore.doc(`muster_scenarios/${scenario}`).set(catalogEntry);

  const asked = ['audit', '--target', `staff/${uid}`, '--action-prefix', 'staff.boot'];
  const { entries } = await desk.json<ResponseOf<'audit-query'>>(asked);
  expect(entries).toMatchObject([{ action: 'staff.bootstrapped', actorType: 'operator', outcome: 'success' }]);
  const grant = ['staff', 'grant', 'auditor', '--uid', uid, '--reason', 'both'];
  expect(await desk.json(grant)).toMatchObject({ roles: ['staff', 'auditor', 'admin'] });
  expect((await desk.run(['drill', 'start', '--scenario', scenario])).exitCode).toBe(0);
  expect((await suite.firestore.doc('muster_policy/current').get()).data()).toEqual(NORMAL_POLICY);
  // Left in, it would be another admin to who tests that the last one cannot be revoked.
  await deployed.firestore.doc(`muster_staff/${uid}`).delete();
  await deployed.close();
});
