import * as z from 'zod';
import { enterDegraded, exitDegraded, recordDegraded as request } from '../../contract/policy';
import { policyAsStored } from '../../../../guard/src/policy-document';
import { defineChangeOf } from '../../platform/define-change';
import { enter } from './enter-degraded';
import { exit } from './exit-degraded';

/** `POST /api/ops/degraded`: enters or ends a mode in the words of existing clients, who need not give a reason. */
export const recordDegraded = defineChangeOf(
  'ops-recordDegraded',
  {
    summary: 'Enter or end a degraded mode.',
    who: 'staff',
    request,
    response: z.union([enterDegraded.response, exitDegraded.response]),
  },
  {
    guarded: false,
    cost: { reads: 4, writes: 4 },
    reads: () => [policyAsStored()],
    async decide(context, { status, mode, reason, details, rationale }) {
      const words = { reason, details, rationale };
      if (status === 'exited') return exit(context, mode, words);
      return enter(context, { mode, reason: reason ?? rationale ?? 'no reason given', until: null }, words);
    },
  },
);
