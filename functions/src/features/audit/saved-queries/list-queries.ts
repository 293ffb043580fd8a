import { defineRead } from '../../../platform/operations/define-read';
import { savedQueriesAt, toSavedQueries } from './saved-queries';

/** `audit-queries-list`: the revocation record, and the one document that has all of them. */
export const listQueries = defineRead('audit-queries-list', {
  cost: { reads: 2, writes: 0 },
  answer: async ({ work }) => ({ queries: toSavedQueries(await work.read(savedQueriesAt())) }),
});
