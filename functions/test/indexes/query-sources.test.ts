import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { QUERY_SOURCES } from './exercise';

const source = resolve(__dirname, '../../src');

/** A store's query, a list's, a job's, or one past them at the SDK. */
const QUERIES =
  /\.find(?:<[^>]*>)?\(\s*(?:\{|entriesQuery|armedExperiments|waiting|query\)|newestUpTo|oldestFrom|lastPlaced|inRange|inSelection)|\.count\(|\brefuseBeyond\(|\bnewestFirst\(|\bchangeEach\(|\.collection(?:Group)?\(/u;

/** Takes any query: what it is given stands elsewhere. */
const PLATFORM = new Set([
  'platform/operations/job.ts',
  'platform/operations/most-open.ts',
  'platform/operations/page.ts',
]);

test('everything that queries is exercised for its indexes', () => {
  const querying = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !PLATFORM.has(file))
    .filter((file) => QUERIES.test(readFileSync(resolve(source, file), 'utf8')));
  expect(querying.toSorted()).toEqual(QUERY_SOURCES);
});
