import { createHash } from 'node:crypto';
import { changed } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { connectorAsStored } from '../connector-document';
import { withAccepted } from './queue';
import { queueAt } from './queue-document';
import { tooManyWaiting } from './queue-errors';
import { refuseUnqueueable } from './sendable';
import { writeAt } from './write-document';

/**
 * `connectors-send`. Each write gets the next number of its connector in the commit that stores it. Reads policy,
 * revocation, connector and queue; writes the queue, the entry, and each write.
 */
export const sendToConnector = defineChange('connectors-send', {
  guarded: 'muster.connectors.send',
  cost: { reads: 4, writes: 2, writesPerRow: 1 },
  reads: ({ connectorId }) => [connectorAsStored(connectorId), queueAt(connectorId)],
  async decide(context, { connectorId, writes }) {
    const { work, now, ids, identity } = context;
    const { offline, deliverTo } = await refuseUnqueueable(context, connectorId);
    const before = await work.read(queueAt(connectorId));
    const after = withAccepted(before, writes.length);
    if (!after) throw tooManyWaiting();

    work.write(queueAt(connectorId), after);
    const first = after.accepted - writes.length + 1;
    const queued = writes.map(({ kind, content }, index) => {
      const one = { id: ids('cwr'), sequence: first + index };
      const text = JSON.stringify(content);
      work.create(writeAt(one.id), {
        connectorId,
        sequence: one.sequence,
        kind,
        content: text,
        digest: createHash('sha256').update(text).digest('hex'),
        by: identity.uid,
        firstBy: null,
        deliverTo,
        sessionAt: new Date(identity.authTime * 1000),
        queuedAt: now,
        status: 'waiting',
        attempts: 0,
        lastFailure: null,
        lastStatus: null,
        deadReason: null,
        settledAt: null,
        musterExpireAt: null,
      });
      return one;
    });
    return changed(
      { changed: true, offline, writes: queued, waiting: after.waiting },
      {
        action: 'connectors.queued',
        target: logicalName(paths.connectorQueue(connectorId)),
        metadata: { count: writes.length, from: first, upTo: after.accepted, offline, kinds: kindsOf(writes) },
      },
    );
  },
});

/** How many of each kind; the contents are nobody's business. */
const kindsOf = (writes: readonly { kind: string }[]): { kind: string; count: number }[] => {
  const counts = new Map<string, number>();
  for (const { kind } of writes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count }));
};
