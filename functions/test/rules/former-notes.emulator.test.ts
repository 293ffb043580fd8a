/** Notes under automatic ids, as clients of 0.1.0 write them: taken where a deployment says so, for one release, and told apart. */
import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { collection, doc, serverTimestamp, setDoc, setLogLevel } from 'firebase/firestore';
import { noteId, noteNumberOf } from '@muster/contract/notes';
import { uidOf } from './roles';
import { musterRules } from './rules-files';
import { DRILL, newRulesWorld, type RulesWorld } from './rules-world';

const SWITCH = /(function takesAutomaticIds\(\) \{\s+return )false;/u;

let world: RulesWorld;
beforeAll(async () => {
  setLogLevel('silent');
  expect(musterRules()).toMatch(SWITCH);
  world = await newRulesWorld(musterRules().replace(SWITCH, '$1true;'));
});
afterAll(() => world.close());

const author = uidOf('participant');
const good = () => ({ author, at: serverTimestamp(), text: 'The token was in the build log.' });

test('taken beside numbered ones, with everything else as it is for those, and told apart', async () => {
  const notes = collection(world.client('participant'), `${DRILL}/muster_notes`);
  const automatic = doc(notes);
  await assertSucceeds(setDoc(automatic, good()));
  await assertSucceeds(setDoc(doc(notes, noteId(author, 0)), good()));
  await assertFails(setDoc(doc(notes), { ...good(), author: uidOf('staff') }));
  await assertFails(setDoc(doc(notes), { ...good(), text: 'seen\u0000' }));
  await assertFails(setDoc(automatic, good()));
  expect([noteNumberOf(automatic.id, author), noteNumberOf(noteId(author, 0), author)]).toEqual([null, 0]);
});
