/** The rules of a deployment that counts only roles that Muster granted: the same table, and nothing by a claim alone. */
import { doc, getDoc, setLogLevel } from 'firebase/firestore';
import { assertFails, assertSucceeds } from '@firebase/rules-unit-testing';
import { describeExperimentWrites } from './experiment-conditions';
import { describeRoleTable, layOutDocuments } from './role-table';
import { RECORD_READERS, uidOf } from './roles';
import { rosterRules } from './rules-files';
import { newRulesWorld, type RulesWorld } from './rules-world';

let current: RulesWorld;
const world = () => current;

beforeAll(async () => {
  setLogLevel('silent');
  current = await newRulesWorld(rosterRules(), true);
  await layOutDocuments(current);
});
afterAll(() => current.close());

describe('role × operation', () => describeRoleTable(world));
describe('a write of an experiment', () => describeExperimentWrites(world));

test.each(RECORD_READERS)('%s reads no record by a claim that Muster did not grant', async (role) => {
  const record = doc(world().client(role), 'muster_audit/aud_one');
  const revocation = world().server.doc(`muster_revocations/${uidOf(role)}`);
  const granted = (await revocation.get()).data();
  await assertSucceeds(getDoc(record));
  for (const without of [
    { ...granted, granted: [] },
    { ...granted, granted: ['recorder'] },
  ]) {
    await revocation.set(without);
    await assertFails(getDoc(record));
  }
  // Without any record, and with one of a release that did not note it.
  await revocation.set({ validAfter: granted?.['validAfter'], withdrawn: [] });
  await assertFails(getDoc(record));
  await revocation.delete();
  await assertFails(getDoc(record));
  // Signed in all the same.
  await assertSucceeds(getDoc(doc(world().client(role), 'muster_policy/current')));
  await revocation.set(granted ?? {});
});
