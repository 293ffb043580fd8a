import { policyAsStored } from '@muster/guard/policy-document';
import { policyUnavailable } from '@muster/guard/decision-refusal';
import { defineRead } from '../../platform/operations/define-read';
import { endRequests } from './for-others/activations';
import { readablePolicy } from './for-others/current-policy';
import { toEndRequestView, toKillSwitchViews, toOfflineViews, toPolicyView } from './policy-view';

/**
 * `policy-get`: revocation, policy, and each restriction that somebody asked to end. A policy that is missing or damaged is
 * not answered as "normal".
 */
export const getPolicy = defineRead('policy-get', {
  cost: { reads: 3, writes: 0, readsPerRow: 1 },
  async answer({ work, now }) {
    const policy = readablePolicy(await work.read(policyAsStored()));
    if (!policy) throw policyUnavailable();
    const asked = await endRequests(work);
    const requestOf = (activation: string | null) => toEndRequestView(asked.get(activation ?? ''));
    return {
      policy: toPolicyView(policy, now),
      modeEndRequest: requestOf(policy.mode.activation),
      killSwitches: toKillSwitchViews(policy, now).map((one) => ({ ...one, endRequest: requestOf(one.activation) })),
      offline: toOfflineViews(policy),
    };
  },
});
