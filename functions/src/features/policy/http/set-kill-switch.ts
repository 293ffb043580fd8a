import { EVERYTHING } from '@muster/contract/capabilities';
import type { setKillSwitch as shapes } from '@muster/contract/policy';
import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../../platform/operations/define-change';
import type { Decision } from '../../../platform/operations/change';
import type * as z from 'zod';
import { failedKills } from '../for-others/failed-kills';
import { containing } from '../for-others/containment';
import { kill } from '../for-others/kill';
import { restore } from '../for-others/restore';

/**
 * `POST /api/capabilities/policy/kill-switch`: kills everything, or ends that. What was killed under a name of its own
 * stays killed, and is named. Reads and writes as `policy-kill` does.
 */
export const setKillSwitch = containing(
  defineChange('capabilities-setKillSwitch', {
    guarded: false,
    cost: { reads: 4, writes: 4 },
    reads: () => [policyAsStored()],
    async decide(context, { enabled, rationale, ...input }): Promise<Decision<z.input<typeof shapes.response>>> {
      const what = { capability: EVERYTHING, reason: rationale };
      if (enabled) {
        const failed = context
          .perInstance(failedKills)
          .of(context.identity.uid, { ...input, capability: EVERYTHING }, context.now);
        const decision = await kill(context, { ...what, until: null, failed });
        const { message, killSwitch } = decision.response;
        return { ...decision, response: { changed: true, enabled, message, killSwitches: [killSwitch] } };
      }
      const decision = await restore(context, { ...what, breakGlass: false });
      const { changed, message, killSwitches } = decision.response;
      const still = killSwitches.some(({ capability }) => capability === EVERYTHING);
      return { ...decision, response: { changed, enabled: still, message, killSwitches } };
    },
  }),
  ({ enabled }) => (enabled ? EVERYTHING : undefined),
);
