import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { withAccepted } from './queue';
import { queueAt } from './queue-document';
import { deliveredAlready, notYoursToSend, tooManyWaiting, unknownWrite } from './queue-errors';
import { refuseUnqueueable } from './sendable';
import { senderOf, toWriteView, writeAt, type ConnectorWrite } from './write-document';

/**
 * `connectors-redeliver`: last in order, under the id it had, so that a receiver that has it all the same drops it. From
 * now on it is written by who asked for that, and goes where the connector delivers now: who said where cannot ask it of what others
 * queued for elsewhere. Reads policy, revocation, write, connector and queue.
 */
export const redeliverWrite = defineChange('connectors-redeliver', {
  guarded: 'muster.connectors.send',
  cost: { reads: 5, writes: 3 },
  reads: ({ writeId }) => [writeAt(writeId)],
  async decide(context, { writeId, reason }) {
    const { work, identity, limits } = context;
    const before = await work.read(writeAt(writeId));
    if (!before) throw unknownWrite();
    if (before.status === 'delivered') throw deliveredAlready();
    if (before.status === 'waiting') return unchanged({ changed: false, write: toWriteView(writeId, before) });
    const { deliverTo, deliverToBy } = await refuseUnqueueable(context, before.connectorId);
    const isMoved = before.deliverTo !== deliverTo && deliverToBy === identity.uid;
    if (limits.twoPersons && isMoved && senderOf(before) !== identity.uid) throw notYoursToSend();

    const address = queueAt(before.connectorId);
    const queue = await work.read(address);
    const accepted = withAccepted(queue, 1);
    if (!accepted) throw tooManyWaiting();
    const after: ConnectorWrite = {
      ...before,
      sequence: accepted.accepted,
      by: identity.uid,
      firstBy: senderOf(before),
      deliverTo,
      sessionAt: new Date(identity.authTime * 1000),
      status: 'waiting',
      attempts: 0,
      deadReason: null,
      settledAt: null,
      musterExpireAt: null,
    };
    work.write(address, { ...accepted, dead: accepted.dead - 1 });
    work.write(writeAt(writeId), after);
    return changed(
      { changed: true, write: toWriteView(writeId, after) },
      {
        action: 'connectors.requeued',
        target: logicalName(paths.connectorWrite(writeId)),
        rationale: reason,
        metadata: {
          connectorId: before.connectorId,
          was: before.deadReason,
          queuedBy: before.by,
          deliverTo,
          sequence: after.sequence,
        },
      },
    );
  },
});
