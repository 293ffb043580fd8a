import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../../platform/operations/define-change';
import { enter } from '../enter-degraded';
import { exit } from '../exit-degraded';

/** `POST /api/ops/degraded`: enters or ends a mode in the words of existing clients, who need not give a reason. */
export const recordDegraded = defineChange('ops-recordDegraded', {
  guarded: false,
  cost: { reads: 4, writes: 4 },
  reads: () => [policyAsStored()],
  async decide(context, { status, mode, reason, details, rationale }) {
    const words = { reason, details, rationale };
    if (status === 'exited') return exit(context, mode, words);
    return enter(context, { mode, reason: reason ?? rationale ?? 'no reason given', until: null }, words);
  },
});
