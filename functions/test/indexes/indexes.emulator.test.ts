/** The emulator runs a query without an index; production does not. So every query that really ran is judged here. */
import { emulatorHost, newBackend, type Backend } from '../harness';
import { AUDIT_FILTERS, auditCombinationsOf, exercise, someOf } from './exercise';
import { declaredIndexes, type IndexField, type IndexFile } from './index-file';
import { inWords, needsComposite, shapeInWords, type QueryShape } from './query-shape';
import { recordReads } from './recorded-reads';
import { servedBy } from './served';

let backend: Backend;
let shapes: QueryShape[];
const auditRun = someOf(auditCombinationsOf(AUDIT_FILTERS));

beforeAll(async () => {
  backend = await newBackend();
  const reads = recordReads();
  await exercise(backend);
  shapes = [...new Map(reads.queries.map(({ shape }) => [shapeInWords(shape), shape])).values()];
  jest.restoreAllMocks();
});
afterAll(() => backend.close());

const unserved = (file: IndexFile): string[] =>
  shapes.filter((shape) => servedBy(shape, file) === undefined).map(shapeInWords);

test('every query that ran is served by declared indexes', () => {
  // The choices of the audit's filters, 8 of the drills', and those of the other operations.
  expect(shapes.length).toBeGreaterThanOrEqual(auditRun.length + 8 + 5);
  expect(unserved(declaredIndexes())).toEqual([]);
});

test('only combinations of the audit need a merge of indexes', () => {
  const merged = shapes.filter((shape) => servedBy(shape, declaredIndexes()) === 'merged');
  expect([...new Set(merged.map(({ collection }) => collection))]).toEqual(['muster_audit']);
  // None and one filter need no merge.
  expect(merged.length).toBe(auditRun.filter((asked) => Object.keys(asked).length > 1).length);
});

test('no declared index can be left out', () => {
  const file = declaredIndexes();
  for (const index of file.indexes) {
    const without = { ...file, indexes: file.indexes.filter((other) => other !== index) };
    expect({ left: index, unserved: unserved(without).length }).not.toEqual({ left: index, unserved: 0 });
  }
});

test('no index is declared twice', () => {
  const words = declaredIndexes().indexes.map(({ collectionGroup, fields }) => inWords(collectionGroup, fields, 1));
  expect(new Set(words).size).toBe(words.length);
});

test('an exemption of what lists are ordered by would be noticed', () => {
  const file = declaredIndexes();
  for (const collectionGroup of ['muster_audit', 'muster_drills', 'muster_events', 'muster_notes']) {
    const fieldOverrides = [...file.fieldOverrides, { collectionGroup, fieldPath: 'at', indexes: [] as [] }];
    expect(unserved({ ...file, fieldOverrides })).not.toEqual([]);
  }
});

test('the emulator saw the same need of composite indexes as was recorded', async () => {
  const database = `projects/${backend.projectId}/databases/(default)`;
  const url = `http://${emulatorHost()}/emulator/v1/projects/${backend.projectId}:indexUsage?database=${database}`;
  const { reports } = (await (await fetch(url)).json()) as {
    reports: { index: { name: string; fields: IndexField[] } }[];
  };
  const reported = reports.map(({ index }) => {
    const collection = /collectionGroups\/([^/]+)\//u.exec(index.name)?.[1] ?? '';
    return inWords(
      collection,
      index.fields.filter(({ fieldPath }) => fieldPath !== '__name__'),
      1,
    );
  });
  expect([...new Set(reported)].toSorted()).toEqual(shapes.filter(needsComposite).map(shapeInWords).toSorted());
});

test('answers to request ids, counts of refusals and writes of experiments expire, and texts that nobody queries cost no index entries', () => {
  const { fieldOverrides } = declaredIndexes();
  expect(fieldOverrides.filter(({ ttl }) => ttl)).toEqual([
    { collectionGroup: 'muster_audit', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_connectorWrites', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_requests', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_refusals', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_writes', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_canaries', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_canaryWrites', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
    { collectionGroup: 'muster_accountCalls', fieldPath: 'musterExpireAt', ttl: true, indexes: [] },
  ]);
  const exempted = fieldOverrides.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`);
  expect(exempted).toEqual(
    expect.arrayContaining(
      ['actionPrefixes', 'words', 'metadata', 'rationale'].map((field) => `muster_audit.${field}`),
    ),
  );
});
