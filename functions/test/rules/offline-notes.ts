import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { collection, disableNetwork, doc, enableNetwork, serverTimestamp, setDoc } from 'firebase/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { uidOf } from './roles';
import { DRILL, RUNNING_DRILL, type RulesWorld } from './rules-world';

/** What a participant writes without a network is judged when it arrives, by what holds then. */
export const describeOfflineNotes = (world: () => RulesWorld): void => {
  const writeOffline = async (meanwhile: () => Promise<unknown>) => {
    const client = world().freshClient('participant');
    await disableNetwork(client);
    const note = doc(collection(client, `${DRILL}/muster_notes`));
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
