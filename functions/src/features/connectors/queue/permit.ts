/** Which writes may be sent next, and which are dead without being sent. Pure. */
import type { DeliveryStop } from '@muster/contract/connectors';
import type { Stored } from '@muster/core/storage/documents';
import type { Decision } from '@muster/guard/decision';
import { MOST_ATTEMPTS, type DeadReason } from './delivery';
import type { ConnectorQueue } from './queue-document';
import { isOffline } from './sendable';
import type { ConnectorWrite } from './write-document';

type Write = Stored<ConnectorWrite>;

/** Sent under one permit, one after the other, to a receiver that drops what it has seen. */
const MOST_PERMITTED = 10;
/** Found in one commit, when they are only to be recorded as discarded. */
const MOST_BURIED = 50;

/** How many one permit is given for: none may be sent twice where nothing is dropped, and what kills deliverers is found alone. */
export const mostPermitted = ({ repeatable }: { repeatable: boolean }, unanswered: boolean): number =>
  repeatable && !unanswered ? MOST_PERMITTED : 1;

/** How many of the next have to be looked at. */
export const mostToLookAt = (
  { settled, discardedUpTo, sending }: ConnectorQueue,
  connector: { repeatable: boolean },
): number => {
  if (settled < discardedUpTo) return MOST_BURIED;
  return Math.max(mostPermitted(connector, false), sending === null ? 0 : sending.upTo - settled);
};

export interface Burial {
  write: Write;
  reason: DeadReason;
  /** Whether it counted as waiting until now. */
  counted: boolean;
}

/**
 * Tells those that are dead without being sent from the others. `unanswered`: a deliverer was given a permit for these,
 * and nobody heard of it again.
 */
export const splitDead = (
  queue: ConnectorQueue,
  found: readonly Write[],
  { repeatable }: { repeatable: boolean },
): { dead: Burial[]; rest: Write[]; unanswered: boolean } => {
  const isUnanswered = ({ data }: Write) => queue.sending !== null && data.sequence <= queue.sending.upTo;
  const isDiscarded = ({ data }: Write) => data.sequence <= queue.discardedUpTo;
  const mayBeRepeated = repeatable && (queue.sending?.tries ?? 0) < MOST_ATTEMPTS;
  const dead: Burial[] = [];
  const rest: Write[] = [];
  for (const write of found) {
    const unanswered = isUnanswered(write);
    if (unanswered && (!mayBeRepeated || isDiscarded(write))) dead.push({ write, reason: 'in_doubt', counted: true });
    else if (isDiscarded(write)) dead.push({ write, reason: 'discarded', counted: false });
    else rest.push(write);
  }
  return { dead, rest, unanswered: rest.some(isUnanswered) };
};

/** The first of these that may be sent, as many as one permit is given for; or why not even the first. */
export const permitted = (
  rest: readonly Write[],
  most: number,
  decisionOn: (write: Write) => Decision,
  isHeld: (write: Write) => boolean = () => false,
): { batch: Write[]; ended: Write[]; stop: DeliveryStop | null } => {
  const batch: Write[] = [];
  const ended: Write[] = [];
  for (const write of rest) {
    if (batch.length === most) break;
    const decision = decisionOn(write);
    if (decision.allowed && !isHeld(write)) {
      batch.push(write);
      continue;
    }
    // Those before it are sent first: the next commit comes to it.
    if (batch.length > 0) break;
    if (decision.allowed) return { batch, ended, stop: 'held' };
    if (decision.reason !== 'SESSION_REVOKED') return { batch, ended, stop: stopFor(decision) };
    ended.push(write);
  }
  return { batch, ended, stop: null };
};

/** What a refusal of the guard means for those that wait. */
export const stopFor = (decision: Extract<Decision, { allowed: false }>): DeliveryStop =>
  isOffline(decision.restriction) ? 'offline' : 'restricted';
