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
import { leave, offlineSinceIn, policyIn } from './offline';
import { connectorQueue, queueAsStored } from './queue/queue-document';
import { refuseWhileEverythingIsKilled } from './while-killed';

/**
 * `connectors-register`. It writes nothing outside, so no mode and no kill switch forbids it; but while everything is killed, no
 * address is taken that was not there before, for the schedule would ask it within a minute. Reads revocation, connector, queue and policy,
 * and the record of the outage that it ends; before that revocation and connector, and all others when this one is new.
 */
export const registerConnector = defineChange('connectors-register', {
  guarded: false,
  cost: { reads: 7 + MOST_CONNECTORS, writes: 4 },
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
      return unchanged({ changed: false, replaced: false, connector });
    }
    if (before?.url !== settings.url || before.deliverTo !== settings.deliverTo) {
      refuseWhileEverythingIsKilled(await work.read(policyAsStored()), connectorId, now);
    }
    if (!stored && isFull) throw tooMany();
    const after: ConnectorDocument = { ...settings, registeredAt: before?.registeredAt ?? now, ...NOTHING_FOUND };
    work.write(connectorAt(connectorId), after);
    const ending = { end: 'registered_anew' as const, by: actor.id, reason: 'registered with other settings', at: now };
    const left = policy && (await leave(work, policy, connectorId, ending));
    const replaced = stored !== undefined;
    return changed(
      {
        changed: true,
        replaced,
        connector: toConnectorView(connectorId, after, null, now),
      },
      {
        action: 'connectors.registered',
        target: logicalName(paths.connector(connectorId)),
        metadata: {
          ...settings,
          replaced,
          ...(replaced ? await formerly(work, connectorId, before) : {}),
          ...(left ? { offlineLeft: left.metadata } : {}),
        },
      },
    );
  },
});

/**
 * What waits is delivered to the new address from now on, be it the right one or not: who reads the entry sees where it was
 * to go, and how much of it there is. Null is what nobody can tell, because the record was damaged.
 */
const formerly = async (work: Pick<Work, 'read'>, id: string, before: ConnectorDocument | undefined) => {
  const stored = await work.read(queueAsStored(id));
  const waiting = stored ? (connectorQueue.safeParse(stored).data?.waiting ?? null) : 0;
  return { formerly: before ? { url: before.url, deliverTo: before.deliverTo } : null, waiting };
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
