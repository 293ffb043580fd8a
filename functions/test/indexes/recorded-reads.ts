/** What goes to the database, seen at the SDK and not by Muster's own meter: which queries, and how much came back. */
import { Query, type QuerySnapshot } from '@google-cloud/firestore';
import { shapeOf, type QueryShape, type StructuredQuery } from './query-shape';

export interface RecordedReads {
  queries: { shape: QueryShape; documents: number }[];
  /** Documents that queries read, as Firestore bills them: one for a query that finds nothing. */
  readonly documents: number;
  forget(): void;
}

/** Records until `jest.restoreAllMocks`. Calls go through unchanged. */
export const recordReads = (): RecordedReads => {
  const queries: RecordedReads['queries'] = [];

  const structureOf = (query: Query): StructuredQuery =>
    (query as unknown as { toProto(): { structuredQuery: StructuredQuery } }).toProto().structuredQuery;

  // A count walks the index that a page of the same query would walk, and reads nothing.
  const counting = Reflect.get(Query.prototype, 'count') as Query['count'];
  jest.spyOn(Query.prototype, 'count').mockImplementation(function (this: Query) {
    queries.push({ shape: shapeOf(structureOf(this)), documents: 0 });
    return counting.call(this);
  });

  const runQuery = Reflect.get(Query.prototype, 'get') as (this: Query) => Promise<QuerySnapshot>;
  jest.spyOn(Query.prototype, 'get').mockImplementation(async function (this: Query) {
    const structuredQuery = structureOf(this);
    if (structuredQuery.offset) throw new Error('an offset is billed for every document that it skips');
    const answer = await runQuery.call(this);
    queries.push({ shape: shapeOf(structuredQuery), documents: answer.size });
    return answer;
  });

  return {
    queries,
    get documents() {
      return queries.reduce((sum, { documents }) => sum + Math.max(1, documents), 0);
    },
    forget() {
      queries.length = 0;
    },
  };
};
