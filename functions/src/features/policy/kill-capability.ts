import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../platform/operations/define-change';
import { failedKills } from './for-others/failed-kills';
import { containing } from './for-others/containment';
import { kill } from './for-others/kill';
import { endFrom } from './for-others/until';

/**
 * `policy-kill`. Never forbidden by policy. Reads revocation, policy, the activation that is renewed and, after attempts
 * that failed, their incident; writes policy, activation, entry, and that incident.
 */
export const killCapability = containing(
  defineChange('policy-kill', {
    guarded: false,
    cost: { reads: 4, writes: 4 },
    reads: () => [policyAsStored()],
    decide: (context, input) =>
      kill(context, {
        capability: input.capability,
        reason: input.reason,
        until: endFrom(input.until, context.now),
        failed: context.perInstance(failedKills).of(context.identity.uid, input, context.now),
      }),
  }),
  ({ capability }) => capability,
);
