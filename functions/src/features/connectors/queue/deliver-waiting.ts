import type { Clock } from '@muster/core/clock';
import { MusterError } from '@muster/core/errors';
import { prefetchFor } from '@muster/guard/guarded';
import type { Ids } from '@muster/core/ids';
import type { Work } from '@muster/core/storage/work';
import type { Decision } from '../../../platform/operations/change';
import type { Courier } from '../../../platform/adapters/courier';
import { connectorAsStored, connectorDocument, isSameAs, type ConnectorDocument } from '../connector-document';
import { bodyOf, isInDoubt, isRejection } from './delivery';
import { deliveryStep, PERMIT_MS, type Sent, type DeliveryStep } from './delivery-step';
import type { DeliveryStop } from '@muster/contract/connectors';
import { stopFor } from './permit';
import { connectorQueue, queueAsStored } from './queue-document';
import { decisionOn, kindOf, requestFor } from './sendable';
import type { ConnectorWrite } from './write-document';

/** What a deliverer needs, be it of an operation or of a job. */
export interface Deliverer {
  clock: Clock;
  ids: Ids;
  courier: () => Courier;
  /** One change with its entry. */
  change: (about: string, decide: (work: Work) => Promise<Decision<DeliveryStep>>) => Promise<DeliveryStep>;
  /** For reading alone, new each time. */
  read: () => Pick<Work, 'prefetch' | 'seen'>;
}

export interface Drained {
  delivered: number;
  dead: number;
  waiting: number;
  /** Why some still waits; null when none does. */
  stopped: DeliveryStop | null;
}

/**
 * Delivers what waits for a connector, in order, for as long as `budgetMs`. Whoever does the same meanwhile is told
 * that it is `busy`. A deliverer that dies is followed by another one when its lease has run out, which goes on from
 * the permit that stands.
 */
export const deliverWaiting = async (deliverer: Deliverer, connectorId: string, budgetMs: number): Promise<Drained> => {
  // First, so that a missing key is found out before anything is permitted.
  const courier = deliverer.courier();
  const { clock, ids } = deliverer;
  const holder = ids('req');
  const endsAt = clock().getTime() + budgetMs;
  const total = { delivered: 0, dead: 0 };
  let sent: Sent | undefined;
  for (let round = 0; ; round += 1) {
    const step = await persistently(sent !== undefined, () =>
      deliverer.change(`${holder} ${round}`, (work) => {
        const now = clock();
        return deliveryStep(work, { connectorId, holder, now, isOver: now.getTime() >= endsAt }, sent);
      }),
    );
    total.delivered += step.delivered;
    total.dead += step.dead;
    if (step.batch.length === 0 && !step.goOn) return { ...total, waiting: step.waiting, stopped: step.stopped };
    const until = Math.min(endsAt, clock().getTime() + PERMIT_MS);
    sent = await sendEach(deliverer, courier, { connectorId, holder, until }, step);
  }
};

/** Whose permit it is, and how long it lasts. */
interface Permit {
  connectorId: string;
  holder: string;
  until: number;
}

/**
 * Sends what was permitted, one after the other. What could forbid it is looked at again before each: a pause, a discard or
 * another address stops all but the one on its way.
 */
const sendEach = async (
  deliverer: Deliverer,
  courier: Courier,
  permit: Permit,
  { batch, connector }: DeliveryStep,
): Promise<Sent> => {
  const { connectorId, until } = permit;
  const { deliverTo, timeoutMs, repeatable } = connector;
  const outcomes: Sent['outcomes'] = [];
  const ends = (stop: DeliveryStop | null): Sent => ({
    connector,
    outcomes,
    untried: batch.slice(outcomes.length),
    stop,
  });
  for (const write of batch) {
    const { id, data } = write;
    if (write !== batch[0]) {
      const stop = await forbiddenNow(deliverer, permit, connector, write.data);
      if (stop === 'void') return ends(null);
      if (stop) return ends(stop);
    }
    // After all that takes time: who was held up for longer than its lease must not send beside another.
    if (deliverer.clock().getTime() >= until) return ends(null);
    const result = await courier.post(
      { url: deliverTo ?? '', timeoutMs },
      {
        id,
        body: bodyOf(data),
        headers: { 'muster-connector': connectorId, 'muster-sequence': String(data.sequence) },
      },
    );
    outcomes.push({ write, result });
    const goesOn = result.ok || isRejection(result) || (isInDoubt(result) && !repeatable);
    if (!goesOn) return ends('failing');
  }
  return ends(null);
};

/**
 * Whether this one may not be sent any more, as things stand now. `void`: its permit says nothing of it any more, because the
 * session was ended in which it was queued, it was discarded, the connector was registered anew, or another delivers.
 */
const forbiddenNow = async (
  { read, clock }: Deliverer,
  { connectorId, holder }: Permit,
  permitted: ConnectorDocument,
  { by, sessionAt, sequence }: ConnectorWrite,
): Promise<DeliveryStop | 'void' | undefined> => {
  const request = requestFor(connectorId, by, sessionAt);
  const work = read();
  try {
    await prefetchFor(work, request, kindOf(request), [connectorAsStored(connectorId), queueAsStored(connectorId)]);
  } catch (error) {
    // What was sent before must be recorded all the same.
    if (error instanceof MusterError) return 'restricted';
    throw error;
  }
  const decision = decisionOn(request, (address) => work.seen(address), clock());
  if (!decision.allowed) return decision.reason === 'SESSION_REVOKED' ? 'void' : stopFor(decision);
  const queue = connectorQueue.safeParse(work.seen(queueAsStored(connectorId))).data;
  const connector = connectorDocument.safeParse(work.seen(connectorAsStored(connectorId))).data;
  const stands =
    queue?.lease?.holder === holder &&
    sequence > queue.discardedUpTo &&
    connector !== undefined &&
    isSameAs(connector, permitted);
  return stands ? undefined : 'void';
};

const TRIES = 2;

/** What was sent is recorded even while many callers queue more: unrecorded, it would be sent again, or be in doubt. */
const persistently = async (mustStand: boolean, make: () => Promise<DeliveryStep>): Promise<DeliveryStep> => {
  for (let left = mustStand ? TRIES : 1; ; left -= 1) {
    try {
      return await make();
    } catch (error) {
      if (left <= 1 || !(error instanceof MusterError) || error.code !== 'CONTENTION') throw error;
    }
  }
};
