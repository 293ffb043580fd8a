import { defineRead } from '../../../platform/operations/define-read';
import { holdsAt, toHolds } from './holds';
import { retentionDaysOf } from './retention';

/** `audit-holds`: the revocation record, and the one document that has all of them. */
export const listHolds = defineRead('audit-holds', {
  cost: { reads: 2, writes: 0 },
  answer: async ({ work, limits }) => ({
    holds: toHolds(await work.read(holdsAt())),
    retentionDays: retentionDaysOf(limits),
  }),
});
