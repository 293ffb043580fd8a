import { capabilityOf } from '@muster/contract/connectors';
import { policyAsStored } from '@muster/guard/policy-document';
import { defineChange } from '../../platform/operations/define-change';
import { restore } from '../policy/for-others/restore';
import { connectorAsStored, unknownConnector } from './connector-document';

/** `connectors-resume`: `policy-restore` of `connector.<id>`, for a connector that is registered; one more read. */
export const resumeConnector = defineChange('connectors-resume', {
  guarded: false,
  cost: { reads: 4, writes: 3 },
  reads: ({ connectorId }) => [policyAsStored(), connectorAsStored(connectorId)],
  async decide(context, { connectorId, reason, breakGlass }) {
    if (!(await context.work.read(connectorAsStored(connectorId)))) throw unknownConnector();
    return restore(context, { capability: capabilityOf(connectorId), reason, breakGlass: breakGlass ?? false });
  },
  afterwards: async ({ log }, { end, message }) => {
    if (end === 'break_glass') log.critical('a connector was resumed by breaking the glass', { message });
  },
});
