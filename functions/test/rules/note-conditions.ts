import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { deleteDoc, doc, serverTimestamp, setDoc, Timestamp, updateDoc } from 'firebase/firestore';
import { MOST_NOTES, noteId } from '@muster/contract/notes';
import { NORMAL } from '@muster/guard/policy-document';
import { forbidding, permitting } from './policies';
import { uidOf } from './roles';
import { DRILL, RUNNING_DRILL, STARTED, type RulesWorld } from './rules-world';

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
  'white space alone': () => ({ ...good(), text: ' \n\t ' }),
  'a control character': () => ({ ...good(), text: 'seen\u001b[31m' }),
  'a NUL': () => ({ ...good(), text: 'seen\u0000' }),
  'a DEL': () => ({ ...good(), text: 'seen\u007f' }),
  'written before the drill began': () => ({ ...good(), writtenAt: Timestamp.fromMillis(STARTED.toMillis() - 1) }),
  'written after it arrived': () => ({ ...good(), writtenAt: Timestamp.fromMillis(Date.now() + 3_600_000) }),
  'a time of writing that is none': () => ({ ...good(), writtenAt: 'yesterday' }),
  'a time of writing that is null': () => ({ ...good(), writtenAt: null }),
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
  let numbers = 100;
  /** The next number of whoever writes; a refused one is used again. */
  const add = async (
    note: Record<string, unknown>,
    drill: string = DRILL,
    role: 'participant' | 'staff' = 'participant',
  ): Promise<void> => {
    await put(noteId(uidOf(role), numbers), note, drill, role);
    numbers += 1;
  };
  const put = (
    id: string,
    note: Record<string, unknown> = good(),
    drill: string = DRILL,
    role: 'participant' | 'staff' = 'participant',
  ) => setDoc(doc(world().client(role), `${drill}/muster_notes/${id}`), note);

  afterEach(async () => {
    await world().server.doc(DRILL).set(RUNNING_DRILL);
    await world().server.doc('muster_policy/current').set(NORMAL);
  });

  test.each(['x', 'x'.repeat(4000), 'ä'.repeat(4000), ' two\n\tlines\r\n'])(
    'a good note is taken (case %#)',
    async (text) => {
      await assertSucceeds(add({ ...good(), text }));
    },
  );

  test.each(Object.keys(badNotes))('refused: %s', async (name) => {
    await assertFails(add(badNotes[name]?.() ?? {}));
  });

  test('when it was written is taken as a claim, from the beginning of the drill on', async () => {
    await assertSucceeds(add({ ...good(), writtenAt: Timestamp.fromMillis(STARTED.toMillis()) }));
    await assertSucceeds(add({ ...good(), writtenAt: Timestamp.fromMillis(Date.now() - 1000) }));
    await world().server.doc(DRILL).update({ startedAt: null });
    await assertFails(add({ ...good(), writtenAt: Timestamp.fromMillis(Date.now() - 1000) }));
  });

  test.each([
    ['an automatic id', 'Zx9qLm2kP0'],
    ['a number beyond the last', `${author}_500`],
    ['too short a number', `${author}_01`],
    ['too long a number', `${author}_0001`],
    ['no number', `${author}_abc`],
    ['a number of another', `${uidOf('staff')}_000`],
    ['a number of whose uid begins with this one', `${author}_x_000`],
    ['a number without the sign', `${author}-000`],
  ])('refused: %s', async (_, id) => {
    await assertFails(put(id));
  });

  test('of one author there are 500 in a drill, and no more: a taken number is refused, the last one is taken once', async () => {
    const last = noteId(author, MOST_NOTES - 1);
    await assertSucceeds(put(last));
    await assertFails(put(last, { ...good(), text: 'once more' }));
  });

  test('refused under a taken number, it is sent again under the next, and its text is kept', async () => {
    const first = numbers;
    await assertSucceeds(add(good()));
    const text = 'Sent from another machine of the same person.';
    let number = first;
    for (; ; number += 1) {
      try {
        await put(noteId(author, number), { ...good(), text });
        break;
      } catch (error) {
        expect(error).toMatchObject({ code: 'permission-denied' });
      }
    }
    numbers = number + 1;
    expect(number).toBe(first + 1);
    expect(
      (
        await world()
          .server.doc(`${DRILL}/muster_notes/${noteId(author, number)}`)
          .get()
      ).get('text'),
    ).toBe(text);
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
    const own = doc(world().client('participant'), `${DRILL}/muster_notes/${noteId(author, numbers)}`);
    numbers += 1;
    await assertSucceeds(setDoc(own, good()));
    await assertFails(setDoc(own, { ...good(), text: 'something else' }));
    await assertFails(updateDoc(own, { text: 'something else', at: serverTimestamp() }));
    await assertFails(deleteDoc(own));
    expect((await world().server.doc(own.path).get()).get('text')).toBe(good()['text']);
  });
};
