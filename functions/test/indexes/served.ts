/**
 * Whether declared indexes serve a query in production. The emulator answers every query; production refuses one
 * that no index serves.
 *
 * - Filters alone, or one ordering alone: Firestore's automatic single-field indexes, unless a field is exempted.
 * - An index whose fields are the filters (in any order) and then the ordering, in the very directions.
 * - Several that end in the same ordering and whose filters together are the query's: Firestore merges them. Accepted
 *   only where a record says that it is meant (docs/adr/0004), because it costs more index entries read; everywhere
 *   else each combination has an index of its own.
 *
 * Sources: firebase.google.com/docs/firestore/query-data/index-overview ("Taking advantage of index merging"),
 * cloud.google.com/datastore/docs/concepts/optimize-indexes (the same engine, with an array property).
 */
import type { CompositeIndex, IndexField, IndexFile } from './index-file';
import { needsComposite, type QueryShape } from './query-shape';

/** Collections whose combinations of filters are served by merging. */
export const MERGED: ReadonlySet<string> = new Set(['muster_audit']);

export type Service = 'automatic' | 'exact' | 'merged';

export const servedBy = (shape: QueryShape, file: IndexFile): Service | undefined => {
  if (!needsComposite(shape)) return hasAutomaticIndexes(shape, file) ? 'automatic' : undefined;
  const wanted = [...shape.equal, ...shape.contains];
  const parts = file.indexes.map((index) => filtersServed(index, shape)).filter((part) => part !== undefined);
  if (parts.some((part) => part.length === wanted.length)) return 'exact';
  if (!MERGED.has(shape.collection)) return undefined;
  const together = new Set(parts.flat());
  return wanted.length > 0 && wanted.every((field) => together.has(field)) ? 'merged' : undefined;
};

/** The query's filters that an index covers, or nothing when it is of no use to this query. */
const filtersServed = (index: CompositeIndex, shape: QueryShape): string[] | undefined => {
  const filterCount = index.fields.length - shape.order.length;
  const ordering = index.fields.slice(filterCount);
  const filters = index.fields.slice(0, filterCount);
  const useful =
    index.collectionGroup === shape.collection &&
    filterCount >= 0 &&
    ordering.every((field, at) => isOrderedBy(field, shape.order[at])) &&
    filters.every((field) =>
      'order' in field ? shape.equal.includes(field.fieldPath) : shape.contains.includes(field.fieldPath),
    );
  return useful ? filters.map(({ fieldPath }) => fieldPath) : undefined;
};

const isOrderedBy = (field: IndexField, order: QueryShape['order'][number] | undefined): boolean =>
  'order' in field && field.fieldPath === order?.field && field.order === order.direction;

const hasAutomaticIndexes = ({ collection, equal, contains, order }: QueryShape, file: IndexFile): boolean => {
  const exempted = file.fieldOverrides.filter(({ collectionGroup }) => collectionGroup === collection);
  const isExempted = (field: string) =>
    exempted.some(({ fieldPath }) => field === fieldPath || field.startsWith(`${fieldPath}.`));
  return ![...equal, ...contains, ...order.map(({ field }) => field)].some(isExempted);
};
