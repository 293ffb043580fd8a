import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import {
  collection,
  deleteDoc,
  doc,
  getDoc,
  getDocs,
  serverTimestamp,
  setDoc,
  Timestamp,
  updateDoc,
} from 'firebase/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { forbidding } from './policies';
import { roleNames, type RoleName } from './roles';
import type { RulesWorld } from './rules-world';

const NUMBER = 'cny_abcdefghijkmnpqrstuv';
const NAMES = ['cny_run-before', 'cny_run-killed', 'cny_run-after'];
const MINUTE_MS = 60_000;
const at = (minutes: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + minutes * MINUTE_MS);

/** Each condition of the canary's write, broken one by one, as someone would who wants to use its door. */
export const describeCanaryWrites = (world: () => RulesWorld): void => {
  const keptUntil = at(24 * 60);
  const expected = { run: 'cny_run', number: NUMBER, names: NAMES, until: at(5), keptUntil, leaseUntil: at(1) };
  const good = { number: NUMBER, musterExpireAt: Timestamp.fromDate(keptUntil) };
  const server = () => world().server;
  const write = (data: Record<string, unknown>, role: RoleName = 'nobody', name = NAMES[0]!) =>
    setDoc(doc(world().client(role), `muster_canaries/${name}`), data);

  beforeEach(async () => {
    for (const name of NAMES) await server().doc(`muster_canaries/${name}`).delete();
    await server().doc('muster_canaries/expected').set(expected);
    await server().doc('muster_policy/current').set(NORMAL);
  });
  afterAll(async () => {
    await server().doc('muster_policy/current').set(NORMAL);
  });

  test('with the number of this run, and no account: each name once, and nothing is changed, deleted or read', async () => {
    for (const name of NAMES) await assertSucceeds(write(good, 'nobody', name));
    await assertFails(write(good));
    const own = doc(world().client('nobody'), `muster_canaries/${NAMES[0]}`);
    await assertFails(updateDoc(own, { more: 1 }));
    await assertFails(deleteDoc(own));
    await assertFails(getDoc(own));
    await assertFails(getDoc(doc(world().client('nobody'), 'muster_canaries/expected')));
    await assertFails(getDocs(collection(world().client('nobody'), 'muster_canaries')));
  });

  test.each(roleNames.filter((role) => role !== 'nobody'))('refused: with an account, %s', async (role) => {
    await assertFails(write(good, role));
  });

  const attempts: Record<string, Record<string, unknown>> = {
    'no number': { musterExpireAt: good.musterExpireAt },
    'a number of another run': { ...good, number: 'cny_22222222222222222222' },
    'a number that is null': { ...good, number: null },
    'a number that is a list': { ...good, number: [NUMBER] },
    'a number of 900,000 characters': { ...good, number: 'x'.repeat(900_000) },
    'a further field': { ...good, more: 'mine' },
    'a field for another': { number: NUMBER, keptUntil: good.musterExpireAt },
    'another end': { ...good, musterExpireAt: Timestamp.fromDate(at(60)) },
    'an end of the server': { ...good, musterExpireAt: serverTimestamp() },
    nothing: {},
  };
  test.each(Object.keys(attempts))('refused: %s', async (name) => {
    await assertFails(write(attempts[name]!));
  });

  test.each(['cny_run-more', 'expected', 'cny_old-before'])('refused: at %s', async (name) => {
    await server().doc(`muster_canaries/${name}`).delete();
    await server().doc('muster_canaries/expected').set(expected);
    await assertFails(write(good, 'nobody', name));
  });

  test.each([
    ['is over', { ...expected, until: at(-1) }],
    ['is not there', undefined],
    ['has a number that is none', { ...expected, number: null }],
    ['is damaged', { number: NUMBER }],
    ['is empty', {}],
  ])('refused: the run %s', async (_what, stored) => {
    const document = server().doc('muster_canaries/expected');
    await (stored ? document.set(stored) : document.delete());
    await assertFails(write(good));
    await assertFails(write({ ...good, number: null }));
    await assertFails(write({}));
  });

  // Nobody is exempted who is nobody: an exemption names a uid.
  const about = { capability: 'canary.write', uid: 'uid-nobody' };
  test.each(Object.keys(forbidding(about)))('refused under the policy: %s', async (name) => {
    await server()
      .doc('muster_policy/current')
      .set(forbidding(about)[name] ?? {});
    await assertFails(write(good));
  });

  test('refused while it is killed, also with an exemption for somebody; taken again when that has worn off', async () => {
    const kill = {
      since: at(-1),
      by: 'muster-canary',
      reason: 'Armed-switch canary',
      until: at(10),
      activation: null,
      exemptions: { 'uid-staff': { 'canary.write': { id: 'exm_one', until: at(10), by: ['uid-granter'] } } },
    };
    const policy = server().doc('muster_policy/current');
    await policy.set({ ...NORMAL, killSwitches: { canary: kill } });
    await assertFails(write(good));
    await assertFails(write(good, 'staff'));
    await policy.set({ ...NORMAL, killSwitches: { canary: { ...kill, until: at(-1) } } });
    await assertSucceeds(write(good));
  });
};
