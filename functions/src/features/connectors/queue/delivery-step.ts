import type { DeliveryStop } from '@muster/contract/connectors';
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import type { Stored } from '@muster/core/storage/documents';
import { orPolicyUnavailable, prefetchFor } from '@muster/guard/guarded';
import { logicalName, paths } from '@muster/core/storage/paths';
import { policyAsStored } from '@muster/guard/policy-document';
import type { Work } from '@muster/core/storage/work';
import { changed, unchanged, type Decision } from '../../../platform/operations/change';
import type { PostResult } from '../../../platform/adapters/outbound';
import { afterResult, breakerAt } from '../breaker';
import { connectorAsStored, connectorAt, isSameAs, type ConnectorDocument } from '../connector-document';
import { afterAttempt, isRejection } from './delivery';
import { Settlement } from './settlement';
import { mostPermitted, permitted, splitDead, mostToLookAt } from './permit';
import { heldAfter, isHeld, isHeldBack } from './queue';
import { EMPTY_QUEUE, queueAt, type ConnectorQueue } from './queue-document';
import { decisionOn, kindOf, registered, requestFor } from './sendable';
import { waitingAfter, type ConnectorWrite } from './write-document';

/** No POST begins later than this after its permit. */
export const PERMIT_MS = 10_000;
/** Until another deliverer may take over from one that is not heard of: the last POST may have begun at the very end. */
const SLACK_MS = 15_000;

type Write = Stored<ConnectorWrite>;

/** What came of the last permit: of each write that was tried, and why the others were not. */
export interface Sent {
  /** As it was registered when they were permitted. */
  connector: ConnectorDocument;
  outcomes: { write: Write; result: PostResult }[];
  untried: Write[];
  stop: DeliveryStop | null;
}

export interface DeliveryStep {
  connector: ConnectorDocument;
  /** To be sent now, in this order. Empty and not `goOn`: this drain is over. */
  batch: Write[];
  goOn: boolean;
  delivered: number;
  dead: number;
  waiting: number;
  stopped: DeliveryStop | null;
}

/** Who delivers, for which connector, and when. */
export interface DeliveryContext {
  connectorId: string;
  holder: string;
  now: Date;
  /** No permit is given any more: the drain has taken its time. */
  isOver: boolean;
}

/**
 * One commit of the deliverer: records what came of the last permit, and gives the next one, if policy, sessions and
 * connector let it, for which the commit stands only if they are as they were read. Everything between two such commits
 * is sending.
 */
export const deliveryStep = async (
  work: Work,
  context: DeliveryContext,
  sent: Sent | undefined,
): Promise<Decision<DeliveryStep>> => {
  const { connectorId, holder, now } = context;
  const known = [policyAsStored(), connectorAsStored(connectorId), queueAt(connectorId)];
  await orPolicyUnavailable(work.prefetch(known));
  const connector = await registered(work, connectorId);
  const queue = (await work.read(queueAt(connectorId))) ?? EMPTY_QUEUE;
  const isOurs = queue.lease?.holder === holder;
  const nothing = { connector, batch: [], goOn: false, delivered: 0, dead: 0, waiting: queue.waiting };
  if (isHeld(queue, holder, now) || (sent && !isOurs)) return unchanged({ ...nothing, stopped: 'busy' });

  const settlement = new Settlement(work, queue, now);
  const after = sent ? recordOutcomes(work, context, connector, queue, sent, settlement) : connector;
  const { batch, goOn, stop, unanswered } = sent?.stop
    ? { batch: [], goOn: false, stop: sent.stop, unanswered: false }
    : await nextOf(work, context, after, sent ? { ...queue, sending: null } : queue, settlement);

  const waits = batch.length === 0 && !goOn;
  const stopped = waits && settlement.waiting > 0 ? stop : null;
  if (waits && !isOurs && settlement.buried === 0) return unchanged({ ...nothing, stopped });
  const leaseMs = PERMIT_MS + connector.timeoutMs + SLACK_MS;
  work.write(queueAt(connectorId), {
    ...queue,
    ...settlement.counts,
    held: heldAfter(queue.held, settlement.settled),
    lease: waits ? null : { holder, until: new Date(now.getTime() + leaseMs) },
    sending: permitFor(batch, unanswered ? queue.sending : null, now),
  });
  const { delivered, buried, waiting } = settlement;
  return changed(
    { connector: after, batch, goOn, delivered, dead: buried, waiting, stopped },
    entryOf(connectorId, settlement, batch, sent, stopped),
  );
};

/** A permit for these; without any, what stands for those that are still unanswered. */
const permitFor = (batch: readonly Write[], standing: ConnectorQueue['sending'], now: Date) => {
  const [first, last] = [batch[0], batch.at(-1)];
  if (!first || !last) return standing;
  const { sequence: from } = first.data;
  return { from, upTo: last.data.sequence, since: now, tries: standing?.from === from ? standing.tries + 1 : 1 };
};

/** Stages each outcome, and what they say of the connector; answers the connector as it stands then. */
const recordOutcomes = (
  work: Work,
  { connectorId, now }: DeliveryContext,
  before: ConnectorDocument,
  queue: ConnectorQueue,
  { connector: asked, outcomes, untried }: Sent,
  settlement: Settlement,
): ConnectorDocument => {
  const isDiscarded = ({ data }: Write): boolean => data.sequence <= queue.discardedUpTo;
  let connector = before;
  for (const { write, result } of outcomes) {
    // Written by nobody else while the lease is held: as found when it was permitted.
    work.adopt(write);
    const how = { repeatable: before.repeatable, discarded: isDiscarded(write) };
    settlement.settle(write, afterAttempt(write.data, result, how, now));
    // Registered anew meanwhile: what the former address answered says nothing of this one.
    if (result.ok || isRejection(result) || !isSameAs(before, asked)) continue;
    const { latencyMs, lastProbedAt } = connector;
    connector = { ...afterResult(connector, result, now), latencyMs, lastProbedAt };
  }
  // Discarded while they had a permit, these went on counting as waiting.
  for (const write of untried.filter(isDiscarded)) {
    work.adopt(write);
    settlement.bury(write, 'discarded', true);
  }
  if (connector !== before) work.write(connectorAt(connectorId), connector);
  return connector;
};

/** What comes next: writes to be sent, others that are dead already, or why what waits has to go on waiting. */
const nextOf = async (
  work: Work,
  { connectorId, now, isOver }: DeliveryContext,
  connector: ConnectorDocument,
  queue: ConnectorQueue,
  settlement: Settlement,
): Promise<{ batch: Write[]; goOn: boolean; stop: DeliveryStop | null; unanswered: boolean }> => {
  const limit = mostToLookAt({ ...queue, settled: settlement.settled }, connector);
  const found = await work.find(waitingAfter(connectorId, settlement.settled, limit));
  const { dead, rest, unanswered } = splitDead(queue, found, connector);
  for (const { write, reason, counted } of dead) settlement.bury(write, reason, counted);

  const requestOf = ({ data }: Write) => requestFor(connectorId, data.by, data.sessionAt);
  const byWhom = [...new Map(rest.map((write) => [write.data.by, requestOf(write)])).values()];
  for (const request of byWhom) await prefetchFor(work, request, kindOf(request));
  const most = mostPermitted(connector, unanswered);
  const { batch, ended, stop } = permitted(
    rest,
    most,
    (write) => decisionOn(requestOf(write), (address) => work.seen(address), now),
    ({ data }) => isHeldBack(queue, data.sequence),
  );
  for (const write of ended) settlement.bury(write, 'session_ended', true);

  const refused = stop ?? (isOver ? 'time' : undefined) ?? (isUp(connector, now) ? undefined : 'failing');
  if (refused) return { batch: [], goOn: false, stop: refused, unanswered };
  const goOn = batch.length === 0 && found.length === limit;
  return { batch, goOn, stop: null, unanswered };
};

/** An open breaker is closed by probes alone. */
const isUp = (connector: ConnectorDocument, now: Date): boolean =>
  connector.deliverTo !== null && breakerAt(connector, now) === 'closed';

/** One entry for each commit; of what is written outside it tells how much, and which writes are dead. */
const entryOf = (
  connectorId: string,
  { delivered, deadWrites }: Settlement,
  batch: readonly Write[],
  sent: Sent | undefined,
  stopped: DeliveryStop | null,
): AuditDraft => {
  const failed = sent?.outcomes.find(({ result }) => !result.ok)?.result;
  return {
    action: 'connectors.delivering',
    target: logicalName(paths.connectorQueue(connectorId)),
    metadata: {
      delivered,
      ...(batch[0] ? { permitted: { from: batch[0].data.sequence, upTo: batch.at(-1)?.data.sequence } } : {}),
      ...(deadWrites.length > 0 ? { dead: deadWrites } : {}),
      ...(failed && !failed.ok ? { failure: failed.failure, status: failed.status } : {}),
      ...(stopped ? { stopped } : {}),
    },
  };
};
