import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { disableNetwork, doc, enableNetwork, serverTimestamp, setDoc } from 'firebase/firestore';
import { MOST_NOTES, noteId } from '@muster/contract/notes';
import { NORMAL } from '@muster/guard/policy-document';
import { uidOf } from './roles';
import { DRILL, RUNNING_DRILL, type RulesWorld } from './rules-world';

/** What a participant writes without a network is judged when it arrives, by what holds then. */
export const describeOfflineNotes = (world: () => RulesWorld): void => {
  let number = MOST_NOTES - 1;
  const writeOffline = async (meanwhile: () => Promise<unknown>) => {
    const client = world().freshClient('participant');
    await disableNetwork(client);
    // From the end, where no other test takes numbers.
    number -= 1;
    const note = doc(client, `${DRILL}/muster_notes/${noteId(uidOf('participant'), number)}`);
    const written = setDoc(note, { author: uidOf('participant'), at: serverTimestamp(), text: 'Written in the lift.' });
    // The outcome is looked at only after the network is back; until then a refusal must have a listener.
    written.catch(() => undefined);
    await meanwhile();
    expect((await world().server.doc(note.path).get()).exists).toBe(false);
    const back = Date.now();
    await enableNetwork(client);
    return { written, note: world().server.doc(note.path), back };
  };

  afterEach(async () => {
    await world().server.doc(DRILL).set(RUNNING_DRILL);
    await world().server.doc('muster_policy/current').set(NORMAL);
  });

  test('it arrives with the time of its arrival', async () => {
    const { written, note, back } = await writeOffline(async () => undefined);
    await assertSucceeds(written);
    const at: { toMillis(): number } = (await note.get()).get('at');
    expect(at.toMillis()).toBeGreaterThanOrEqual(back - 50);
  });

  test('it is refused when the drill ended meanwhile', async () => {
    const { written, note } = await writeOffline(() => world().server.doc(DRILL).update({ status: 'completed' }));
    await assertFails(written);
    expect((await note.get()).exists).toBe(false);
  });

  test('it is refused when the mode became read_only meanwhile', async () => {
    const readOnly = { ...NORMAL, mode: { ...NORMAL.mode, name: 'read_only' } };
    const { written } = await writeOffline(() => world().server.doc('muster_policy/current').set(readOnly));
    await assertFails(written);
  });
};
