/** What becomes of a queue. Pure. */
import { EMPTY_QUEUE, type ConnectorQueue } from './queue-document';

/** For each connector: what piles up for longer is no queue any more. */
export const MOST_WAITING = 10_000;

/** The queue with so many more, or undefined when there is no room for them. */
export const withAccepted = (before: ConnectorQueue | undefined, count: number): ConnectorQueue | undefined => {
  const queue = before ?? EMPTY_QUEUE;
  if (queue.waiting + count > MOST_WAITING) return undefined;
  return { ...queue, accepted: queue.accepted + count, waiting: queue.waiting + count };
};

/** Nothing that waits is sent any more. What may be on its way keeps its place until it is known what came of it. */
export const withAllDiscarded = (queue: ConnectorQueue): { after: ConnectorQueue; discarded: number } => {
  const onTheWay = queue.sending === null ? 0 : queue.sending.upTo - queue.settled;
  const discarded = queue.waiting - onTheWay;
  return {
    after: { ...queue, waiting: onTheWay, dead: queue.dead + discarded, discardedUpTo: queue.accepted },
    discarded,
  };
};

/** Whether a deliverer has anything to do, be it to record what was discarded. */
export const hasWork = (queue: ConnectorQueue): boolean =>
  queue.waiting > 0 || queue.settled < queue.discardedUpTo || queue.sending !== null;

/** Whether another deliverer is at work. */
export const isHeld = ({ lease }: ConnectorQueue, holder: string, now: Date): boolean =>
  lease !== null && lease.holder !== holder && lease.until > now;
