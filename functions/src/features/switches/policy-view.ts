import type * as z from 'zod';
import type { policyView } from '../../contract/policy';
import { modeAt, type PolicyDocument } from '../../platform/guard';

/** What binds at `now`, as answered: an expired mode is not answered as if it still bound anyone. */
export const toPolicyView = (policy: PolicyDocument, now: Date): z.input<typeof policyView> => {
  const { since, until, by, reason } = policy.mode;
  return modeAt(policy, now) === 'normal'
    ? { mode: 'normal', since: null, until: null, by: null, reason: null }
    : { mode: policy.mode.name, since: since?.toISOString() ?? null, until: until?.toISOString() ?? null, by, reason };
};
