/**
 * One file, because the last test asks the emulator which expressions of the rules all the tests before it reached;
 * it keeps count by project, and jest runs the tests of a file in their order.
 */
import { setLogLevel } from 'firebase/firestore';
import { describeCanaryWrites } from './canary-conditions';
import { coverageOf, expressionsOf, neverEvaluated, oneSided, outsideOf, type CoverageReport } from './coverage';
import { describeExperimentWrites } from './experiment-conditions';
import { describeNotes } from './note-conditions';
import { describeOfflineNotes } from './offline-notes';
import { describeRoleTable, layOutDocuments } from './role-table';
import { markedLines, musterRules } from './rules-files';
import { newRulesWorld, type RulesWorld } from './rules-world';

let current: RulesWorld;
const world = () => current;

beforeAll(async () => {
  // Hundreds of refusals are expected; the SDK would write each to the terminal.
  setLogLevel('silent');
  current = await newRulesWorld();
  await layOutDocuments(current);
});
afterAll(() => current.close());

describe('role × operation', () => describeRoleTable(world));
describe('a note', () => describeNotes(world));
describe('a write of an experiment', () => describeExperimentWrites(world));
describe('a write of the canary', () => describeCanaryWrites(world));
describe('a note written offline', () => describeOfflineNotes(world));

// A note asks for one capability; the helpers' own tests (host-rules) ask for all kinds, and cover that section.
describe('coverage of the rules by the tests above', () => {
  let coverage: CoverageReport;
  // Once: a report on so many requests takes the emulator seconds.
  beforeAll(async () => {
    coverage = outsideOf(await coverageOf(world().projectId), markedLines(musterRules()));
  });

  test('every expression was evaluated', () => {
    expect(expressionsOf(coverage).length).toBeGreaterThan(100);
    expect(neverEvaluated(coverage)).toEqual([]);
  });

  test('every condition came out both ways', () => {
    // What a deployment may set is `false` here; that it is `true` elsewhere: former-notes.
    expect(oneSided(coverage).filter((line) => !line.includes('takesAutomaticId'))).toEqual([]);
  });
});
