/** Muster's rules beside those of a product: neither opens or closes anything of the other's. */
import { collection, collectionGroup, doc, getDoc, getDocs, setDoc, setLogLevel } from 'firebase/firestore';
import { helpersFile } from './rules-files';
import { describeNotes } from './note-conditions';
import { OWN_BLOCK, PRODUCT_COLLECTIONS, WHOLE_FILE, WITH_PRODUCT } from './product-rules';
import { describeRoleTable, layOutDocuments } from './role-table';
import { newRulesWorld, type RulesWorld } from './rules-world';
import { isLetThrough } from './web-clients';

beforeAll(() => setLogLevel('silent'));

describe.each(Object.keys(WITH_PRODUCT))('a product %s', (where) => {
  let current: RulesWorld;
  const world = () => current;

  beforeAll(async () => {
    current = await newRulesWorld(WITH_PRODUCT[where]!());
    await layOutDocuments(current);
    for (const name of PRODUCT_COLLECTIONS) {
      await current.server.doc(`${name}/one`).set({ own: true });
      await current.server.doc(`${name}/one/events/one`).set({ own: true });
    }
  });
  afterAll(() => current.close());

  // The table and the notes take a minute each time: one for each arrangement.
  if (where === WHOLE_FILE)
    describe("Muster's documents: role × operation, as without it", () => describeRoleTable(world));
  else describe('a note, as without it', () => describeNotes(world));

  test.each(PRODUCT_COLLECTIONS)('%s of the product is read and written as the product says', async (name) => {
    const shopkeeper = current.clients.open({ sub: 'uid-keeper', shopkeeper: true });
    const [nobody, staff] = [world().client('nobody'), world().client('staff')];
    for (const path of [`${name}/one`, `${name}/one/events/one`]) {
      expect(await isLetThrough(getDoc(doc(shopkeeper, path)))).toBe(true);
      for (const other of [nobody, staff]) expect(await isLetThrough(getDoc(doc(other, path)))).toBe(false);
    }
    expect(await isLetThrough(setDoc(doc(collection(nobody, name)), { what: 'orders' }))).toBe(true);
    for (const what of ['muster.drills.note', 'canary.write']) {
      expect(await isLetThrough(setDoc(doc(collection(nobody, name)), { what }))).toBe(false);
    }
  });

  test('no query of a group of collections reaches from one into the other', async () => {
    for (const group of ['events', 'muster_events', 'muster_audit']) {
      expect(await isLetThrough(getDocs(collectionGroup(world().client('staff'), group)))).toBe(false);
    }
  });
});

test("a product with an `allows` of its own has Muster's helpers in a block of their own", async () => {
  const both = WITH_PRODUCT[OWN_BLOCK]!();
  const guarded = `
  match /databases/{database}/documents {
${helpersFile()}
    match /shipments/{id} { allow create: if request.auth != null && allows('shipping.commit'); }
  }
}`;
  const world = await newRulesWorld(both.trimEnd().replace(/\}$/u, guarded));
  try {
    const ship = () => isLetThrough(setDoc(doc(collection(world.client('member'), 'shipments')), { by: 'member' }));
    const order = () => isLetThrough(setDoc(doc(collection(world.client('member'), 'drills')), { what: 'orders' }));
    expect([await ship(), await order()]).toEqual([true, true]);
    await world.server.doc('muster_policy/current').update({ 'mode.name': 'read_only' });
    expect([await ship(), await order()]).toEqual([false, true]);
  } finally {
    await world.close();
  }
});
