import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { collection, deleteDoc, doc, serverTimestamp, setDoc, Timestamp, updateDoc } from 'firebase/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { forbidding, permitting } from './policies';
import { uidOf } from './roles';
import { DRILL, RUNNING_DRILL, type RulesWorld } from './rules-world';

const author = uidOf('participant');
const good = (): Record<string, unknown> => ({
  author,
  at: serverTimestamp(),
  text: 'The token was in the build log.',
});

const lacking = (name: string) => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));

/** A note that is good but for one thing. */
const badNotes: Record<string, () => Record<string, unknown>> = {
  'a foreign author': () => ({ ...good(), author: uidOf('staff') }),
  'an author that is no text': () => ({ ...good(), author: 1 }),
  'the time of the client': () => ({ ...good(), at: Timestamp.now() }),
  'a time long ago': () => ({ ...good(), at: Timestamp.fromMillis(0) }),
  'a time that is a text': () => ({ ...good(), at: '2026-03-31T09:00:00Z' }),
  'an empty text': () => ({ ...good(), text: '' }),
  '4001 characters': () => ({ ...good(), text: 'x'.repeat(4001) }),
  'a text that is a number': () => ({ ...good(), text: 4 }),
  'a text that is a list of fitting length': () => ({ ...good(), text: ['a', 'b'] }),
  'a text that is a map of fitting size': () => ({ ...good(), text: { a: 1 } }),
  'a text that is null': () => ({ ...good(), text: null }),
  'a further key': () => ({ ...good(), pinned: true }),
  'no author': () => lacking('author'),
  'no time': () => lacking('at'),
  'no text': () => lacking('text'),
  'nothing in it': () => ({}),
};

/** What the policy may say about a note, and be. */
const about = { capability: 'muster.drills.note', uid: author };

/** Each condition of a participant's note, broken one by one. */
export const describeNotes = (world: () => RulesWorld): void => {
  const add = (note: Record<string, unknown>, drill: string = DRILL, role: 'participant' | 'staff' = 'participant') =>
    setDoc(doc(collection(world().client(role), `${drill}/muster_notes`)), note);

  afterEach(async () => {
    await world().server.doc(DRILL).set(RUNNING_DRILL);
    await world().server.doc('muster_policy/current').set(NORMAL);
  });

  test.each(['x', 'x'.repeat(4000), 'ä'.repeat(4000), '  '])('a good note is taken (case %#)', async (text) => {
    await assertSucceeds(add({ ...good(), text }));
  });

  test.each(Object.keys(badNotes))('refused: %s', async (name) => {
    await assertFails(add(badNotes[name]?.() ?? {}));
  });

  test('refused: of staff that was not invited; taken: of staff that was', async () => {
    const note = { ...good(), author: uidOf('staff') };
    await assertFails(add(note, DRILL, 'staff'));
    await world()
      .server.doc(DRILL)
      .update({ participants: [uidOf('staff')] });
    await assertSucceeds(add(note, DRILL, 'staff'));
    await assertFails(add(good()));
  });

  test.each(['scheduled', 'completed', 'cancelled', null])('refused: the drill is %s', async (status) => {
    await world().server.doc(DRILL).update({ status });
    await assertFails(add(good()));
  });

  test('refused: there is no such drill, or it names no participants', async () => {
    await assertFails(add(good(), 'muster_drills/drl_missing'));
    await world().server.doc('muster_drills/drl_bare').set({ status: 'in_progress' });
    await assertFails(add(good(), 'muster_drills/drl_bare'));
  });

  test.each(Object.keys(permitting(about)))('taken under the policy: %s', async (name) => {
    await world()
      .server.doc('muster_policy/current')
      .set(permitting(about)[name] ?? {});
    await assertSucceeds(add(good()));
  });

  test.each(Object.keys(forbidding(about)))('refused under the policy: %s', async (name) => {
    await world()
      .server.doc('muster_policy/current')
      .set(forbidding(about)[name] ?? {});
    await assertFails(add(good()));
  });

  test('refused: there is no policy', async () => {
    await world().server.doc('muster_policy/current').delete();
    await assertFails(add(good()));
  });

  test('a note is never changed or deleted, not even by its author', async () => {
    const own = doc(collection(world().client('participant'), `${DRILL}/muster_notes`));
    await assertSucceeds(setDoc(own, good()));
    await assertFails(setDoc(own, { ...good(), text: 'something else' }));
    await assertFails(updateDoc(own, { text: 'something else', at: serverTimestamp() }));
    await assertFails(deleteDoc(own));
    expect((await world().server.doc(own.path).get()).get('text')).toBe(good()['text']);
  });
};
