import type { IndexField, IndexFile } from './index-file';
import { needsComposite, shapeOf, type QueryShape, type StructuredQuery } from './query-shape';
import { servedBy } from './served';

const asc = (fieldPath: string): IndexField => ({ fieldPath, order: 'ASCENDING' });
const desc = (fieldPath: string): IndexField => ({ fieldPath, order: 'DESCENDING' });
const contains = (fieldPath: string): IndexField => ({ fieldPath, arrayConfig: 'CONTAINS' });

const declared = (collectionGroup: string, ...indexes: IndexField[][]): IndexFile => ({
  indexes: indexes.map((fields) => ({ collectionGroup, queryScope: 'COLLECTION', fields })),
  fieldOverrides: [],
});

const asked = (collection: string, more: Partial<QueryShape>): QueryShape => ({
  collection,
  equal: [],
  contains: [],
  order: [{ field: 'at', direction: 'DESCENDING' }],
  ...more,
});

describe('one index', () => {
  const byStatus = declared('muster_drills', [asc('status'), asc('overdue'), desc('at')]);

  test('serves its filters in any order', () => {
    expect(servedBy(asked('muster_drills', { equal: ['overdue', 'status'] }), byStatus)).toBe('exact');
  });

  test.each<[string, QueryShape]>([
    ['fewer filters', asked('muster_drills', { equal: ['status'] })],
    ['more filters', asked('muster_drills', { equal: ['overdue', 'scenarioId', 'status'] })],
    ['other filters', asked('muster_drills', { equal: ['scenarioId', 'status'] })],
    ['another collection', asked('muster_incidents', { equal: ['overdue', 'status'] })],
    [
      'the other direction',
      asked('muster_drills', { equal: ['overdue', 'status'], order: [{ field: 'at', direction: 'ASCENDING' }] }),
    ],
    [
      'another order',
      asked('muster_drills', { equal: ['overdue', 'status'], order: [{ field: 'dueAt', direction: 'DESCENDING' }] }),
    ],
    [
      'a further order',
      asked('muster_drills', {
        equal: ['overdue', 'status'],
        order: [
          { field: 'at', direction: 'DESCENDING' },
          { field: 'dueAt', direction: 'DESCENDING' },
        ],
      }),
    ],
    ['an array of that name', asked('muster_drills', { equal: ['overdue'], contains: ['status'] })],
  ])('does not serve %s', (_, shape) => {
    expect(servedBy(shape, byStatus)).toBeUndefined();
  });

  test('on an array does not serve an equality', () => {
    const byPrefix = declared('muster_audit', [contains('actionPrefixes'), desc('at')]);
    expect(servedBy(asked('muster_audit', { contains: ['actionPrefixes'] }), byPrefix)).toBe('exact');
    expect(servedBy(asked('muster_audit', { equal: ['actionPrefixes'] }), byPrefix)).toBeUndefined();
  });
});

describe('several indexes', () => {
  const parts = [
    [asc('actorId'), desc('at')],
    [asc('target'), desc('at')],
    [contains('actionPrefixes'), desc('at')],
  ];
  const all = asked('muster_audit', { equal: ['actorId', 'target'], contains: ['actionPrefixes'] });

  test('are merged when they end in the same order and cover all filters', () => {
    expect(servedBy(all, declared('muster_audit', ...parts))).toBe('merged');
  });

  test.each([0, 1, 2])('are not merged when part %i is missing', (missing) => {
    expect(servedBy(all, declared('muster_audit', ...parts.filter((_, at) => at !== missing)))).toBeUndefined();
  });

  test('are not merged when one ends in another order', () => {
    const [first = [], second = []] = parts;
    expect(
      servedBy(all, declared('muster_audit', first, second, [contains('actionPrefixes'), asc('at')])),
    ).toBeUndefined();
  });

  test('are not merged where no record says that it is meant', () => {
    const drills = declared('muster_drills', [asc('status'), desc('at')], [asc('overdue'), desc('at')]);
    expect(servedBy(asked('muster_drills', { equal: ['overdue', 'status'] }), drills)).toBeUndefined();
  });
});

describe('automatic indexes', () => {
  const none = declared('muster_audit');

  test.each<[string, QueryShape]>([
    ['an order alone', asked('muster_audit', {})],
    ['an equality alone', asked('muster_audit', { equal: ['actorId'], order: [] })],
    ['equalities alone', asked('muster_audit', { equal: ['actorId', 'target'], order: [] })],
  ])('serve %s, unless the field is exempted', (_, shape) => {
    expect(servedBy(shape, none)).toBe('automatic');
    const fieldPath = shape.equal[0] ?? 'at';
    const exempted = { ...none, fieldOverrides: [{ collectionGroup: 'muster_audit', fieldPath, indexes: [] as [] }] };
    expect(servedBy(shape, exempted)).toBeUndefined();
  });

  test('an exempted map takes its fields along', () => {
    const exempted = {
      ...none,
      fieldOverrides: [{ collectionGroup: 'muster_audit', fieldPath: 'metadata', indexes: [] as [] }],
    };
    expect(servedBy(asked('muster_audit', { equal: ['metadata.status'], order: [] }), exempted)).toBeUndefined();
    expect(servedBy(asked('muster_audit', { equal: ['metadataOf'], order: [] }), exempted)).toBe('automatic');
  });

  test('do not serve a filter with an order', () => {
    expect(servedBy(asked('muster_audit', { equal: ['actorId'] }), none)).toBeUndefined();
  });
});

describe('the shape of a query', () => {
  const where = (fieldPath: string, op: string) => ({ fieldFilter: { field: { fieldPath }, op } });
  const ordered = (fieldPath: string, direction: 'ASCENDING' | 'DESCENDING') => ({ field: { fieldPath }, direction });
  const query = (more: Partial<StructuredQuery>): StructuredQuery => ({
    from: [{ collectionId: 'muster_audit' }],
    ...more,
  });

  test('a range is part of the order, and the id at its end goes without saying', () => {
    const shape = shapeOf(
      query({
        where: {
          compositeFilter: { op: 'AND', filters: [where('b', 'EQUAL'), where('at', 'LESS_THAN'), where('a', 'EQUAL')] },
        },
        orderBy: [ordered('at', 'DESCENDING'), ordered('__name__', 'DESCENDING')],
      }),
    );
    expect(shape).toEqual(asked('muster_audit', { equal: ['a', 'b'] }));
  });

  test('a range alone orders, and an order by what is equal says nothing: neither needs an index of ours', () => {
    const range = shapeOf(query({ where: where('at', 'LESS_THAN') }));
    expect(range.order).toEqual([{ field: 'at', direction: 'ASCENDING' }]);
    const equal = shapeOf(query({ where: where('a', 'EQUAL'), orderBy: [ordered('a', 'ASCENDING')] }));
    expect([range, equal].map(needsComposite)).toEqual([false, false]);
  });

  test.each<[string, Partial<StructuredQuery>]>([
    ['a collection group', { from: [{ collectionId: 'muster_audit', allDescendants: true }] }],
    ['no collection', { from: [] }],
    ['a filter by IN', { where: where('a', 'IN') }],
    ['a disjunction', { where: { compositeFilter: { op: 'OR', filters: [where('a', 'EQUAL')] } } }],
    ['an id against the order', { orderBy: [ordered('at', 'DESCENDING'), ordered('__name__', 'ASCENDING')] }],
  ])('%s is not judged at all', (_, more) => {
    expect(() => shapeOf(query(more))).toThrow();
  });
});
