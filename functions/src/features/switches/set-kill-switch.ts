import { EVERYTHING } from '../../contract/capabilities';
import { setKillSwitch as shapes } from '../../contract/policy';
import { policyAsStored } from '../../../../guard/src/policy-document';
import { defineChangeOf } from '../../platform/define-change';
import type { Decision } from '../../platform/change';
import type * as z from 'zod';
import { containing } from './containment';
import { kill } from './kill-capability';
import { restore } from './restore-capability';

/**
 * `POST /api/capabilities/policy/kill-switch`: kills everything, or ends that. What was killed under a name of its own
 * stays killed, and is named. Reads and writes as `policy-kill` does.
 */
export const setKillSwitch = containing(
  defineChangeOf(
    'capabilities-setKillSwitch',
    { summary: 'Kill or restore everything.', who: 'staff', ...shapes },
    {
      guarded: false,
      cost: { reads: 4, writes: 4 },
      reads: () => [policyAsStored()],
      async decide(context, { enabled, rationale, ...input }): Promise<Decision<z.input<typeof shapes.response>>> {
        const what = { capability: EVERYTHING, reason: rationale };
        if (enabled) {
          const failed = context.failures.of(context.identity.uid, { ...input, capability: EVERYTHING }, context.now);
          const decision = await kill(context, { ...what, until: null, failed });
          const { message, killSwitch } = decision.response;
          return { ...decision, response: { changed: true, enabled, message, killSwitches: [killSwitch] } };
        }
        const decision = await restore(context, { ...what, breakGlass: false });
        const { changed, message, killSwitches } = decision.response;
        const still = killSwitches.some(({ capability }) => capability === EVERYTHING);
        return { ...decision, response: { changed, enabled: still, message, killSwitches } };
      },
    },
  ),
  ({ enabled }) => (enabled ? EVERYTHING : undefined),
);
