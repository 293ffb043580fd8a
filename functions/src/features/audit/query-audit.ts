import { defineRead } from '../../platform/operations/define-read';
import { findEntries } from './for-others/audit-reader';

/** `audit-query`: the revocation record, the page, and one more entry to know whether there is another page. */
export const queryAudit = defineRead('audit-query', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  answer: ({ work }, input) => findEntries(work, input),
});
