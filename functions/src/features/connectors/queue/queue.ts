/** What becomes of a queue. Pure. */
import { EMPTY_QUEUE, type ConnectorQueue, type Hold } from './queue-document';

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
    after: { ...queue, waiting: onTheWay, dead: queue.dead + discarded, discardedUpTo: queue.accepted, held: null },
    discarded,
  };
};

/** The queue after its connector was registered with another destination: what waits goes nowhere, whoever held it before. */
export const withAllHeld = (queue: ConnectorQueue, by: string, now: Date): ConnectorQueue =>
  queue.waiting === 0
    ? { ...queue, held: null }
    : { ...queue, held: { after: queue.settled, upTo: queue.accepted, by, since: now } };

/** The hold that is left once all up to here are released, or have come to their end. */
export const heldAfter = (held: Hold | null, sequence: number): Hold | null => {
  if (held === null || sequence >= held.upTo) return null;
  return sequence > held.after ? { ...held, after: sequence } : held;
};

export const isHeldBack = ({ held }: Pick<ConnectorQueue, 'held'>, sequence: number): boolean =>
  held !== null && sequence > held.after && sequence <= held.upTo;

/** How many of those that wait are held. */
export const heldIn = ({ held, settled, discardedUpTo, waiting }: ConnectorQueue): number =>
  held === null ? 0 : Math.max(0, Math.min(waiting, held.upTo - Math.max(held.after, settled, discardedUpTo)));

/** Whether a deliverer has anything to do, be it to record what was discarded. */
export const hasWork = (queue: ConnectorQueue): boolean =>
  queue.waiting > 0 || queue.settled < queue.discardedUpTo || queue.sending !== null;

/** Whether another deliverer is at work. */
export const isHeld = ({ lease }: ConnectorQueue, holder: string, now: Date): boolean =>
  lease !== null && lease.holder !== holder && lease.until > now;
