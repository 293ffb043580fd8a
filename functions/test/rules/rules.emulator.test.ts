/**
 * One file, because the last test asks the emulator which expressions of the rules all the tests before it reached;
 * it keeps count by project, and jest runs the tests of a file in their order.
 */
import { setLogLevel } from 'firebase/firestore';
import { coverageOf, expressionsOf, neverEvaluated, oneSided } from './coverage';
import { describeNotes } from './note-conditions';
import { describeOfflineNotes } from './offline-notes';
import { describeRoleTable, layOutDocuments } from './role-table';
import { newRulesWorld, type RulesWorld } from './rules-world';

let current: RulesWorld;
const world = () => current;

// A test is twenty clients at once, and the first one connects them all.
jest.setTimeout(30_000);

beforeAll(async () => {
  // Hundreds of refusals are expected; the SDK would write each to the terminal.
  setLogLevel('silent');
  current = await newRulesWorld();
  await layOutDocuments(current);
});
afterAll(() => current.close());

describe('role × operation', () => describeRoleTable(world));
describe('a note', () => describeNotes(world));
describe('a note written offline', () => describeOfflineNotes(world));

describe('coverage of the rules by the tests above', () => {
  test('every expression was evaluated', async () => {
    const coverage = await coverageOf(world().projectId);
    expect(expressionsOf(coverage).length).toBeGreaterThan(100);
    expect(neverEvaluated(coverage)).toEqual([]);
  });

  test('every condition came out both ways', async () => {
    expect(oneSided(await coverageOf(world().projectId))).toEqual([]);
  });
});
