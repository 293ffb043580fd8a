import { policyUnavailable, policyAsStored } from '../../platform/guard';
import { defineRead } from '../../platform/operation';
import { readablePolicy } from './degraded-mode';
import { toPolicyView } from './policy-view';

/** `policy-get`: revocation and policy. A policy that is missing or damaged is not answered as "normal". */
export const getPolicy = defineRead('policy-get', {
  cost: { reads: 2, writes: 0 },
  async answer({ work, now }) {
    const policy = readablePolicy(await work.read(policyAsStored()));
    if (!policy) throw policyUnavailable();
    return { policy: toPolicyView(policy, now) };
  },
});
