import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { connectorAsStored, unknownConnector } from '../connector-document';
import { withAllDiscarded } from './queue';
import { queueAt } from './queue-document';

/**
 * `connectors-discard`: one write, however much waits, because it is asked for when something runs wild; the deliverer
 * turns each into a dead letter afterwards. Never forbidden by policy: it keeps things from being written.
 * Reads revocation, connector and queue.
 */
export const discardWrites = defineChange('connectors-discard', {
  guarded: false,
  cost: { reads: 3, writes: 2 },
  reads: ({ connectorId }) => [connectorAsStored(connectorId), queueAt(connectorId)],
  async decide({ work }, { connectorId, reason }) {
    if (!(await work.read(connectorAsStored(connectorId)))) throw unknownConnector();
    const queue = await work.read(queueAt(connectorId));
    const { after, discarded } = queue ? withAllDiscarded(queue) : { after: undefined, discarded: 0 };
    if (!after || discarded === 0) return unchanged({ changed: false, discarded: 0 });
    work.write(queueAt(connectorId), after);
    return changed(
      { changed: true, discarded },
      {
        action: 'connectors.discarded',
        target: logicalName(paths.connectorQueue(connectorId)),
        rationale: reason,
        metadata: { discarded, upTo: after.discardedUpTo, onTheWay: after.waiting },
      },
    );
  },
});
