import { capabilityOf } from '@muster/contract/connectors';
import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../platform/operations/define-change';
import { containing } from '../policy/for-others/containment';
import { failedKills } from '../policy/for-others/failed-kills';
import { kill } from '../policy/for-others/kill';
import { endFrom } from '../policy/for-others/until';
import { connectorAsStored, unknownConnector } from './connector-document';

/** `connectors-pause`: `policy-kill` of `connector.<id>`, for a connector that is registered; one more read. */
export const pauseConnector = containing(
  defineChange('connectors-pause', {
    guarded: false,
    cost: { reads: 5, writes: 4 },
    reads: ({ connectorId }) => [policyAsStored(), connectorAsStored(connectorId)],
    async decide(context, { connectorId, reason, until, requestId }) {
      if (!(await context.work.read(connectorAsStored(connectorId)))) throw unknownConnector();
      const capability = capabilityOf(connectorId);
      const failed = context.perInstance(failedKills).of(context.identity.uid, { requestId, capability }, context.now);
      return kill(context, { capability, reason, until: endFrom(until, context.now), failed });
    },
  }),
  ({ connectorId }) => capabilityOf(connectorId),
);
