import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import {
  collection,
  collectionGroup,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  query,
  serverTimestamp,
  setDoc,
  updateDoc,
  where,
  type CollectionReference,
  type Firestore,
} from 'firebase/firestore';
import { noteId } from '@muster/contract/notes';
import { permissions } from './permissions';
import { RECORD_READERS, roleNames, SIGNED_IN_ROLES, uidOf, type RoleName } from './roles';
import { DRILL, RUNNING_DRILL, type RulesWorld } from './rules-world';

const isLaidOutAlready = (path: string) => path === DRILL || path === 'muster_policy/current';

const dataOf = ({ data }: (typeof permissions)[number]) => data ?? { laidOut: true };

/** Lays out one document in each collection of the table; those that the world itself needs stay as they are. */
export const layOutDocuments = async ({ server }: RulesWorld): Promise<void> => {
  const missing = permissions.filter(({ document }) => !isLaidOutAlready(document));
  await Promise.all(missing.map((row) => server.doc(row.document).set(dataOf(row))));
};

/** Who gets through, of all roles. Anything but a refusal by the rules is a failure of the test. */
const whoGetsThrough = async (attempt: (role: RoleName) => Promise<unknown>): Promise<RoleName[]> => {
  const outcomes = await Promise.all(
    roleNames.map(async (role) => {
      try {
        await attempt(role);
        return [role];
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'permission-denied') return [];
        throw error;
      }
    }),
  );
  return outcomes.flat();
};

const inOrder = (names: readonly RoleName[]): RoleName[] => roleNames.filter((name) => names.includes(name));

/** Allowed or denied as the table says, for each role and each of the five methods. */
export const describeRoleTable = (world: () => RulesWorld): void => {
  const expectThrough = async (
    expected: readonly RoleName[],
    attempt: (client: Firestore, role: RoleName) => Promise<unknown>,
  ): Promise<void> => {
    expect(await whoGetsThrough((role) => attempt(world().client(role), role))).toEqual(inOrder(expected));
  };

  describe.each(permissions)('$document', ({ document, get, list, create = [] }) => {
    const parent = document.slice(0, document.lastIndexOf('/'));
    const fieldsOf = (role: RoleName) =>
      parent === `${DRILL}/muster_notes`
        ? { author: uidOf(role), at: serverTimestamp(), text: 'seen' }
        : { exercise: true, laidOut: true };

    /** Under the name that its rules ask for. */
    const newIn = (into: CollectionReference, role: RoleName) =>
      parent === `${DRILL}/muster_notes` ? doc(into, noteId(uidOf(role).replace('/', '~'), 0)) : doc(into);

    test('get', () => expectThrough(get, (client) => getDoc(doc(client, document))));
    test('list', () => expectThrough(list, (client) => getDocs(collection(client, parent))));
    test('create', () =>
      expectThrough(create, (client, role) => setDoc(newIn(collection(client, parent), role), fieldsOf(role))));
    test('update', async () => {
      await expectThrough([], (client) => updateDoc(doc(client, document), { laidOut: false }));
      await expectThrough([], (client, role) => setDoc(doc(client, document), fieldsOf(role)));
    });
    test('delete', () => expectThrough([], (client) => deleteDoc(doc(client, document))));
  });

  test('nobody changed what was laid out', async () => {
    for (const row of permissions.filter(({ document }) => !isLaidOutAlready(document))) {
      expect((await world().server.doc(row.document).get()).data()).toEqual(dataOf(row));
    }
    expect((await world().server.doc(DRILL).get()).data()).toEqual(RUNNING_DRILL);
  });

  const drillsOf = (client: Firestore, uid: string) =>
    getDocs(query(collection(client, 'muster_drills'), where('participants', 'array-contains', uid)));

  test('who is signed in lists the drills that it is invited to', async () => {
    await expectThrough(SIGNED_IN_ROLES, (client, role) => drillsOf(client, uidOf(role)));
    expect((await drillsOf(world().client('participant'), uidOf('participant'))).size).toBe(1);
    expect((await drillsOf(world().client('member'), uidOf('member'))).size).toBe(0);
  });

  test('nobody lists the drills of another', () =>
    expectThrough([...RECORD_READERS, 'participant'], (client) => drillsOf(client, uidOf('participant'))));

  describe.each([
    ['muster_delegations', 'owner', 'member'],
    ['muster_delegations', 'agent', 'participant'],
    ['muster_proposals', 'actor', 'member'],
    ['muster_proposals', 'owner', 'participant'],
  ] as const)('%s by %s', (name, field, party) => {
    const listOf = (client: Firestore, uid: string) =>
      getDocs(query(collection(client, name), where(field, '==', uid)));

    test('who is signed in lists its own', async () => {
      await expectThrough(SIGNED_IN_ROLES, (client, role) => listOf(client, uidOf(role)));
      expect((await listOf(world().client(party), uidOf(party))).docs.map(({ id }) => id)).toEqual(['shared']);
      expect((await listOf(world().client('staff'), uidOf('staff'))).size).toBe(0);
    });

    test('only who reads records lists those of another', () =>
      expectThrough([...RECORD_READERS, party], (client) => listOf(client, uidOf(party))));
  });

  test.each(['muster_events', 'muster_notes', 'secrets'])('nobody reads %s across drills and incidents', (group) =>
    expectThrough([], (client) => getDocs(collectionGroup(client, group))),
  );

  test('a participant reads no drill that it is not invited to, nor its events and notes, nor a missing one', async () => {
    await world()
      .server.doc('muster_drills/drl_other')
      .set({ ...RUNNING_DRILL, participants: [uidOf('member')] });
    const client = world().client('participant');
    for (const id of ['drl_other', 'drl_missing']) {
      await assertFails(getDoc(doc(client, `muster_drills/${id}`)));
      await assertFails(getDocs(collection(client, `muster_drills/${id}/muster_events`)));
      await assertFails(getDocs(collection(client, `muster_drills/${id}/muster_notes`)));
    }
    await assertSucceeds(getDoc(doc(world().client('member'), 'muster_drills/drl_other')));
  });

  test('staff is told that a drill is not there, instead of being refused', async () => {
    const missing = await assertSucceeds(getDoc(doc(world().client('staff'), 'muster_drills/drl_missing')));
    expect(missing.exists()).toBe(false);
  });

  test('a revocation binds from its commit on, with the same token', async () => {
    const policy = doc(world().client('member'), 'muster_policy/current');
    const revocation = world().server.doc(`muster_revocations/${uidOf('member')}`);
    await assertSucceeds(getDoc(policy));
    await revocation.set({ validAfter: new Date(), withdrawn: [] });
    await assertFails(getDoc(policy));
    await revocation.delete();
    await assertSucceeds(getDoc(policy));
  });
};
