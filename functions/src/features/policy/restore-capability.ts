import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../platform/operations/define-change';
import { restore } from './for-others/restore';

/**
 * `policy-restore`. Never forbidden by policy. Reads revocation, policy, activation and the first person's revocation;
 * writes policy, activation, entry.
 */
export const restoreCapability = defineChange('policy-restore', {
  guarded: false,
  cost: { reads: 4, writes: 3 },
  reads: () => [policyAsStored()],
  decide: (context, { capability, reason, breakGlass }) =>
    restore(context, { capability, reason, breakGlass: breakGlass ?? false }),
  afterwards: async ({ log }, { end, message }) => {
    if (end === 'break_glass') log.critical('a kill switch was restored by breaking the glass', { message });
  },
});
