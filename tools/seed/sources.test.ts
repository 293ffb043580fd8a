import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timelineOf } from './enter-exercise';
import { readSources } from './sources';

const ROOT = join(__dirname, '..', '..');
const sources = readSources(ROOT);
const committed = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, 'emulator-data', name), 'utf8'));

test('emulator-data is made of the sources as they are now; if not: npm run seed', () => {
  expect(committed('sources.json')).toEqual(sources.digests);
});

test('the accounts that npm start prints are those of the sources', () => {
  const { accounts, password } = sources;
  expect(committed('accounts.json')).toEqual(accounts.map(({ role, email, uid }) => ({ role, email, password, uid })));
  expect(accounts.map(({ role }) => role)).toEqual(['admin', 'staff', 'auditor', 'member']);
});

test('the catalog holds the four quarterly scenarios and those of the exercises that were held', () => {
  const byCadence = (wanted: string) =>
    sources.catalog.filter(({ scenario }) => scenario.cadence === wanted).map(({ id }) => id);
  expect(byCadence('quarterly')).toEqual([
    'connector-outage',
    'local-database-corruption',
    'policy-bypass-attempt',
    'token-compromise',
  ]);
  expect(byCadence('annual')).toEqual(['contract-exploit', 'ddos-attack', 'disaster-recovery', 'sql-injection']);
});

test.each(sources.catalog)('the injects of $id begin at the start and are in order', ({ scenario }) => {
  const times = scenario.injects.map(({ afterMinutes }) => afterMinutes);
  expect(times[0]).toBe(0);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
});

test('detection counts from the start, everything else from detection', () => {
  const exercise = sources.exercises.find(({ id }) => id === '2024-q2-contract-exploit');
  expect(exercise && timelineOf(exercise).map(({ type, at }) => [type, at])).toEqual([
    ['detected', '2024-06-24T00:08:00.000Z'],
    ['acknowledged', '2024-06-24T00:28:00.000Z'],
    ['contained', '2024-06-24T00:53:00.000Z'],
    ['resolved', '2024-06-24T03:23:00.000Z'],
  ]);
});

describe('a mistake in a source', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'muster-seed-'));
    cpSync(join(ROOT, 'catalog'), join(root, 'catalog'), { recursive: true });
    for (const name of ['accounts', 'exercises', 'plan']) {
      cpSync(join(ROOT, 'tools/seed', `${name}.json`), join(root, 'tools/seed', `${name}.json`));
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));

  test.each([
    ['tools/seed/plan.json', '"token-compromise"', '"token-compromised"', 'scenarioId'],
    ['tools/seed/exercises.json', '"attended": 5', '"attended": 7', 'attended'],
    ['tools/seed/accounts.json', 'member@example.com', 'member@muster.dev', 'email'],
  ])('in %s is named', (path, right, wrong, field) => {
    edit(path, (text) => text.replace(right, wrong));
    expect(() => readSources(root)).toThrow(path);
    expect(() => readSources(root)).toThrow(field);
  });

  test('changes the digest of its file alone; another layout does not', () => {
    edit('tools/seed/plan.json', (text) => text.replace(/"dueAt": "\d{4}/u, '"dueAt": "2099'));
    edit('tools/seed/accounts.json', (text) => JSON.stringify(JSON.parse(text)));
    const { digests } = readSources(root);
    const differing = Object.keys(digests).filter((path) => digests[path] !== sources.digests[path]);
    expect(differing).toEqual(['tools/seed/plan.json']);
  });
});
