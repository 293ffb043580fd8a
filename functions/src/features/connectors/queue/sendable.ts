import { capabilityOf } from '@muster/contract/connectors';
import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import type { ChangeContext } from '../../../platform/operations/define-change';
import { decide, type Decision, type GuardRequest, type Look } from '@muster/guard/decision';
import { prefetchFor } from '@muster/guard/guarded';
import type { Work } from '@muster/core/storage/work';
import type { Restriction } from '@muster/guard/policy-document';
import { refusalFor } from '@muster/guard/decision-refusal';
import {
  connectorAsStored,
  connectorDocument,
  damagedConnector,
  unknownConnector,
  type ConnectorDocument,
} from '../connector-document';
import { nowhereToDeliver } from './queue-errors';

/** The connector, or a refusal that says why there is none. */
export const registered = async (work: Pick<Work, 'read'>, connectorId: string): Promise<ConnectorDocument> => {
  const stored = await work.read(connectorAsStored(connectorId));
  if (!stored) throw unknownConnector();
  const connector = connectorDocument.safeParse(stored).data;
  if (!connector) throw damagedConnector();
  return connector;
};

/** What is asked of the guard for one write: whether who queued it may write to the connector, in that session. */
export const requestFor = (connectorId: string, by: string, sessionAt: Date): GuardRequest => ({
  capability: `${capabilityOf(connectorId)}.write`,
  actor: by,
  authTime: Math.floor(sessionAt.getTime() / 1000),
});

export const kindOf = ({ capability }: GuardRequest) => classIn(CAPABILITY_CATALOG, capability);

/** The guard's word on one write. */
export const decisionOn = (request: GuardRequest, look: Look, now: Date): Decision =>
  decide(request, kindOf(request), look, now);

/** Whether what forbids it is that the connector, or the product, is offline: what the queue is for. */
export const isOffline = (restriction: Restriction | undefined): boolean =>
  restriction?.kind === 'connector_offline' || (restriction?.kind === 'mode' && restriction.name === 'offline');

/**
 * Refuses what must not be queued: for a connector that there is not, that delivers nowhere, or that the caller may not
 * write to now. An outage does not refuse. Answers whether there is one, and what stands.
 */
export const refuseUnqueueable = async (
  { work, identity, clock }: Pick<ChangeContext, 'work' | 'identity' | 'clock'>,
  connectorId: string,
): Promise<{ offline: boolean; deliverTo: string; deliverToBy: string | null }> => {
  const connector = await registered(work, connectorId);
  const { deliverTo, deliverToBy } = connector;
  if (deliverTo === null) throw nowhereToDeliver();
  const request = requestFor(connectorId, identity.uid, new Date(identity.authTime * 1000));
  await prefetchFor(work, request, kindOf(request));
  const decision = decisionOn(request, (address) => work.seen(address), clock());
  if (decision.allowed) return { offline: false, deliverTo, deliverToBy };
  if (isOffline(decision.restriction)) return { offline: true, deliverTo, deliverToBy };
  throw refusalFor(request, decision);
};
