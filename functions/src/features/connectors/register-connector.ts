import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { MusterError } from '@muster/core/errors';
import { collections, logicalName, paths } from '@muster/core/storage/paths';
import { policyAsStored } from '@muster/guard/policy-document';
import type { Work } from '@muster/core/storage/work';
import {
  asStored,
  connectorAsStored,
  connectorAt,
  connectorDocument,
  isSameAs,
  MOST_CONNECTORS,
  NOTHING_FOUND,
  type ConnectorDocument,
} from './connector-document';
import { toConnectorView } from './connector-view';
import { offlineSinceIn, policyIn } from './offline';
import { withAllHeld } from './queue/queue';
import { connectorQueue, EMPTY_QUEUE, queueAsStored, queueAt, type ConnectorQueue } from './queue/queue-document';
import { refuseWhileEverythingIsKilled } from './while-killed';

/**
 * `connectors-register`. It writes nothing outside, so no mode and no kill switch forbids it; but while everything is killed, no
 * address is taken that was not there before, for the schedule would ask it within a minute. It ends no outage: probes alone do,
 * or one person's new name would. What waits was queued for the former destination, and is held when that changes. Reads
 * revocation, connector, queue and policy; before that revocation and connector, and all others when this one is new.
 */
export const registerConnector = defineChange('connectors-register', {
  guarded: false,
  cost: { reads: 6 + MOST_CONNECTORS, writes: 3 },
  reads: ({ connectorId }) => [connectorAsStored(connectorId), queueAsStored(connectorId), policyAsStored()],
  // Counted outside of the unit of work, which would rest on the findings of all of them.
  async outside({ read }, { connectorId }) {
    if (await read.read(connectorAsStored(connectorId))) return { isFull: false };
    return { isFull: (await othersIn(read)).length >= MOST_CONNECTORS };
  },
  async decide({ work, now, actor }, { connectorId, requestId: _requestId, ...settings }, { isFull }) {
    const stored = await work.read(connectorAsStored(connectorId));
    const policy = await policyIn(work);
    const before = connectorDocument.safeParse(stored).data;
    if (before && isSameAs(before, settings)) {
      const connector = toConnectorView(connectorId, before, offlineSinceIn(policy, connectorId), now);
      return unchanged({ changed: false, replaced: false, held: 0, connector });
    }
    if (before?.url !== settings.url || before.deliverTo !== settings.deliverTo) {
      refuseWhileEverythingIsKilled(await work.read(policyAsStored()), connectorId, now);
    }
    if (!stored && isFull) throw tooMany();
    const isMoved = before?.deliverTo !== settings.deliverTo;
    const after: ConnectorDocument = {
      ...settings,
      registeredAt: before?.registeredAt ?? now,
      deliverToBy: isMoved ? actor.id : before.deliverToBy,
      ...NOTHING_FOUND,
    };
    work.write(connectorAt(connectorId), after);
    const queue = await queueIn(work, connectorId);
    if (isMoved && queue?.waiting) work.write(queueAt(connectorId), withAllHeld(queue, actor.id, now));
    const replaced = stored !== undefined;
    return changed(
      {
        changed: true,
        replaced,
        held: isMoved ? (queue?.waiting ?? 0) : 0,
        connector: toConnectorView(connectorId, after, offlineSinceIn(policy, connectorId), now),
      },
      {
        action: 'connectors.registered',
        target: logicalName(paths.connector(connectorId)),
        metadata: {
          ...settings,
          replaced,
          ...(replaced ? { formerly: formerly(before), waiting: queue ? queue.waiting : null, held: isMoved } : {}),
        },
      },
    );
  },
});

/** Who reads the entry sees where it was to go, and how much of it waits. Null is what nobody can tell, of a damaged record. */
const formerly = (before: ConnectorDocument | undefined) =>
  before ? { url: before.url, deliverTo: before.deliverTo } : null;

/** Undefined where its record is damaged: nothing of it is delivered then. */
const queueIn = async (work: Pick<Work, 'read'>, id: string): Promise<ConnectorQueue | undefined> => {
  const stored = await work.read(queueAsStored(id));
  return stored ? connectorQueue.safeParse(stored).data : EMPTY_QUEUE;
};

const othersIn = (read: Pick<Work, 'find'>) =>
  read.find({
    collection: collections.connectors,
    schema: asStored,
    where: [],
    orderBy: [],
    limit: MOST_CONNECTORS,
  });

const tooMany = (): MusterError =>
  new MusterError('CONFLICT', `There are ${MOST_CONNECTORS} connectors. This one was not registered.`, {
    reason: 'TOO_MANY',
    next: 'Register one of them anew under its id (connectors-list).',
  });
