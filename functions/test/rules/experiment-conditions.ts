import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { deleteDoc, doc, serverTimestamp, setDoc, Timestamp, updateDoc } from 'firebase/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { forbidding, permitting } from './policies';
import { uidOf, type RoleName } from './roles';
import type { RulesWorld } from './rules-world';

const EXPERIMENT = 'muster_experiments/exp_armed';
const SCOPE = 'abcdefghi2';
const by = uidOf('staff');

const armed = () => ({ exercise: true, scope: SCOPE, status: 'armed', by, leaseUntil: new Date(Date.now() + 60_000) });
const good = (): Record<string, unknown> => ({
  by,
  at: serverTimestamp(),
  via: 'rules',
  musterExpireAt: Timestamp.fromMillis(Date.now() + 60_000),
});
const lacking = (name: string) => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));

/** A write that is good but for one thing. */
const badWrites: Record<string, () => Record<string, unknown>> = {
  'of another': () => ({ ...good(), by: uidOf('admin') }),
  'the time of the client': () => ({ ...good(), at: Timestamp.now() }),
  'as if by the guard': () => ({ ...good(), via: 'guard' }),
  'an end that is a text': () => ({ ...good(), musterExpireAt: 'tomorrow' }),
  'a further key': () => ({ ...good(), as: 'self' }),
  'no author': () => lacking('by'),
  'no time': () => lacking('at'),
  'no way': () => lacking('via'),
  'no end': () => lacking('musterExpireAt'),
};

/** What the experiment may be instead of armed, by the caller, with a lease that holds. */
const badExperiments: Record<string, () => Record<string, unknown>> = {
  ended: () => ({ ...armed(), status: 'completed' }),
  'armed by another': () => ({ ...armed(), by: uidOf('admin') }),
  'without a runner': () => ({ ...armed(), leaseUntil: new Date(Date.now() - 1000) }),
  'of a scope that is a path': () => ({ ...armed(), scope: 'a/b' }),
  damaged: () => ({ status: 'armed' }),
};

const about = { capability: `chaos.${SCOPE}.write`, uid: by };

/** Each condition of a write of an experiment, broken one by one. */
export const describeExperimentWrites = (world: () => RulesWorld): void => {
  let keys = 0;
  const write = (data: Record<string, unknown>, role: RoleName = 'staff', key = `w-${(keys += 1)}`) =>
    setDoc(doc(world().client(role), `${EXPERIMENT}/muster_writes/${key}`), data);
  const server = () => world().server;

  beforeEach(async () => {
    await server().doc(EXPERIMENT).set(armed());
    await server().doc('muster_chaos/current').set({ stopped: null, lastArmed: 'exp_armed' });
    await server().doc('muster_policy/current').set(NORMAL);
  });
  afterAll(async () => {
    await server().doc('muster_policy/current').set(NORMAL);
    await server().doc('muster_chaos/current').set({ laidOut: true });
  });

  test('who armed it writes, each key once, and changes and deletes nothing', async () => {
    await assertSucceeds(write(good(), 'staff', 'one'));
    await assertFails(write(good(), 'staff', 'one'));
    const own = doc(world().client('staff'), `${EXPERIMENT}/muster_writes/one`);
    await assertFails(updateDoc(own, { via: 'guard' }));
    await assertFails(deleteDoc(own));
  });

  test.each(['admin', 'staff signed in again'] as const)('taken: of %s', async (role) => {
    await server()
      .doc(EXPERIMENT)
      .update({ by: uidOf(role) });
    await assertSucceeds(write({ ...good(), by: uidOf(role) }, role));
  });

  test.each(Object.keys(badWrites))('refused: %s', async (name) => {
    await assertFails(write(badWrites[name]?.() ?? {}));
  });

  test.each(Object.keys(badExperiments))('refused: the experiment is %s', async (name) => {
    await server()
      .doc(EXPERIMENT)
      .set(badExperiments[name]?.() ?? {});
    await assertFails(write(good()));
  });

  test('refused: there is no such experiment', async () => {
    await server().doc(EXPERIMENT).delete();
    await assertFails(write(good()));
  });

  test.each(['member', 'auditor', 'staff withdrawn', 'revoked staff', 'admin withdrawn with staff', 'nobody'] as const)(
    'refused: of %s, even where it is the one that armed it',
    async (role) => {
      await server()
        .doc(EXPERIMENT)
        .update({ by: uidOf(role) });
      await assertFails(write({ ...good(), by: uidOf(role) }, role));
    },
  );

  test('refused: chaos is stopped, or nobody knows whether it is', async () => {
    const chaos = server().doc('muster_chaos/current');
    await chaos.set({ stopped: { by, at: new Date(), reason: 'odd' }, lastArmed: null });
    await assertFails(write(good()));
    await chaos.set({});
    await assertFails(write(good()));
    await chaos.delete();
    await assertFails(write(good()));
  });

  test.each(Object.keys(permitting(about)))('taken under the policy: %s', async (name) => {
    await server()
      .doc('muster_policy/current')
      .set(permitting(about)[name] ?? {});
    await assertSucceeds(write(good()));
  });

  test.each(Object.keys(forbidding(about)))('refused under the policy: %s', async (name) => {
    await server()
      .doc('muster_policy/current')
      .set(forbidding(about)[name] ?? {});
    await assertFails(write(good()));
  });
};
