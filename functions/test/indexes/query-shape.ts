/** What of a query decides which index serves it: everything but the values. */
import type { IndexField } from './index-file';

export type Direction = 'ASCENDING' | 'DESCENDING';

export interface QueryShape {
  collection: string;
  /** Fields that are compared for equality. */
  equal: string[];
  /** Arrays that must contain a value. */
  contains: string[];
  /** What the answer is ordered by, a range on the first of them included; without the document id at its end. */
  order: { field: string; direction: Direction }[];
}

/** The part of Firestore's protocol that is looked at here. */
export interface StructuredQuery {
  from: { collectionId: string; allDescendants?: boolean }[];
  where?: FilterProto;
  orderBy?: { field: { fieldPath: string }; direction: Direction }[];
  offset?: number;
}
type FieldFilterProto = { fieldFilter: { field: { fieldPath: string }; op: string } };
type NullFilterProto = { unaryFilter: { field: { fieldPath: string }; op: string } };
type FilterProto = FieldFilterProto | NullFilterProto | { compositeFilter: { op: string; filters: FilterProto[] } };

const RANGES = new Set(['LESS_THAN', 'LESS_THAN_OR_EQUAL', 'GREATER_THAN', 'GREATER_THAN_OR_EQUAL']);

/** Refuses whatever it does not know how to judge: an unknown kind of query must not pass as served. */
export const shapeOf = (query: StructuredQuery): QueryShape => {
  const [source, ...others] = query.from;
  if (!source || others.length > 0 || source.allDescendants) throw new Error('only one collection at a time is judged');
  const filters = query.where ? flat(query.where) : [];
  const fieldsWith = (ops: ReadonlySet<string>) => [
    ...new Set(filters.filter(({ op }) => ops.has(op)).map(({ field }) => field)),
  ];
  const unknown = filters.filter(({ op }) => op !== 'EQUAL' && op !== 'ARRAY_CONTAINS' && !RANGES.has(op));
  if (unknown.length > 0) throw new Error(`no rule for a filter by ${unknown.map(({ op }) => op).join(', ')}`);

  const equal = fieldsWith(new Set(['EQUAL'])).toSorted();
  return {
    collection: source.collectionId,
    equal,
    contains: fieldsWith(new Set(['ARRAY_CONTAINS'])).toSorted(),
    order: orderOf(query, fieldsWith(RANGES)).filter(({ field }) => !equal.includes(field)),
  };
};

const flat = (filter: FilterProto): { field: string; op: string }[] => {
  if ('fieldFilter' in filter) return [{ field: filter.fieldFilter.field.fieldPath, op: filter.fieldFilter.op }];
  if ('unaryFilter' in filter) {
    const { field, op } = filter.unaryFilter;
    // For an index, null is a value like any other.
    return [{ field: field.fieldPath, op: op === 'IS_NULL' ? 'EQUAL' : op }];
  }
  if (filter.compositeFilter.op !== 'AND') throw new Error(`no rule for ${filter.compositeFilter.op}`);
  return filter.compositeFilter.filters.flatMap(flat);
};

/** Firestore orders by a range's field when nothing else is said, and every index ends with the document id anyway. */
const orderOf = (query: StructuredQuery, ranges: string[]): QueryShape['order'] => {
  const asked = (query.orderBy ?? []).map(({ field, direction }) => ({ field: field.fieldPath, direction }));
  const order = asked.length > 0 ? asked : ranges.map((field) => ({ field, direction: 'ASCENDING' as const }));
  const [last, before] = [order.at(-1), order.at(-2)];
  if (last?.field !== '__name__') return order;
  if (last.direction !== (before?.direction ?? 'ASCENDING'))
    throw new Error('no rule for an id ordered against the rest');
  return order.slice(0, -1);
};

/** Whether Firestore's automatic single-field indexes are too few for it. */
export const needsComposite = ({ equal, contains, order }: QueryShape): boolean =>
  order.length > 1 || (order.length === 1 && equal.length + contains.length > 0);

/** The one index that would serve it alone: filters in any order, then what it is ordered by. */
export const idealIndexOf = ({ equal, contains, order }: QueryShape): IndexField[] => [
  ...equal.map((fieldPath) => ({ fieldPath, order: 'ASCENDING' as const })),
  ...contains.map((fieldPath) => ({ fieldPath, arrayConfig: 'CONTAINS' as const })),
  ...order.map(({ field, direction }) => ({ fieldPath: field, order: direction })),
];

/** An index in words, with the fields before its ordering part in alphabetical order, so that equals look equal. */
export const inWords = (collection: string, fields: readonly IndexField[], orderingFields: number): string => {
  const words = fields.map((field) => `${field.fieldPath} ${'order' in field ? field.order : field.arrayConfig}`);
  const filters = words.slice(0, words.length - orderingFields).toSorted();
  return `${collection}: ${[...filters, ...words.slice(words.length - orderingFields)].join(', ')}`;
};

export const shapeInWords = (shape: QueryShape): string =>
  inWords(shape.collection, idealIndexOf(shape), shape.order.length);
