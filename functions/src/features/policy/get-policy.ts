import { policyAsStored } from '@muster/guard/policy-document';
import { policyUnavailable } from '@muster/guard/decision-refusal';
import { defineRead } from '../../platform/operations/define-read';
import { readablePolicy } from './for-others/current-policy';
import { toKillSwitchViews, toOfflineViews, toPolicyView } from './policy-view';

/** `policy-get`: revocation and policy. A policy that is missing or damaged is not answered as "normal". */
export const getPolicy = defineRead('policy-get', {
  cost: { reads: 2, writes: 0 },
  async answer({ work, now }) {
    const policy = readablePolicy(await work.read(policyAsStored()));
    if (!policy) throw policyUnavailable();
    const { endRequest } = policy.mode;
    return {
      policy: toPolicyView(policy, now),
      modeEndRequest: endRequest && { ...endRequest, at: endRequest.at.toISOString() },
      killSwitches: toKillSwitchViews(policy, now),
      offline: toOfflineViews(policy),
    };
  },
});
