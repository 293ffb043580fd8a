/** What becomes of a write. Pure. */
import type * as z from 'zod';
import type { deadReason } from '@muster/contract/connectors';
import type { PostResult } from '../../../platform/adapters/outbound';
import type { ConnectorWrite } from './write-document';

export type DeadReason = z.infer<typeof deadReason>;

export const MOST_ATTEMPTS = 10;

/** How long a write is kept once it is settled. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** What the receiver may say otherwise in a moment: too slow, too early, too much. */
const PASSING_STATUS = [408, 425, 429];
/** What stands between says that it does not know. */
const GATEWAY_STATUS = [502, 504];

/** Whether nobody can say if the receiver has it: no answer, half of one, or one by something in between. */
export const isInDoubt = (result: PostResult): boolean =>
  !result.ok &&
  result.reached &&
  (result.status === null || result.failure === 'incomplete' || GATEWAY_STATUS.includes(result.status));

/** Whether the failure says something of the connector, and not of this write alone. */
export const isRejection = (result: PostResult): boolean =>
  !result.ok &&
  result.status !== null &&
  result.status >= 400 &&
  result.status < 500 &&
  !PASSING_STATUS.includes(result.status);

/** The write after an attempt to send it. It waits on when it may be sent again. */
export const afterAttempt = (
  before: ConnectorWrite,
  result: PostResult,
  { repeatable, discarded }: { repeatable: boolean; discarded: boolean },
  now: Date,
): ConnectorWrite => {
  const tried = { ...before, attempts: before.attempts + 1, lastStatus: result.status };
  if (result.ok) {
    return { ...tried, status: 'delivered', content: null, lastFailure: null, ...settledAt(now) };
  }
  const failed = { ...tried, lastFailure: result.failure };
  if (isRejection(result)) return died(failed, 'rejected', now);
  if (isInDoubt(result) && (!repeatable || discarded)) return died(failed, 'in_doubt', now);
  if (discarded) return died(failed, 'discarded', now);
  return failed.attempts >= MOST_ATTEMPTS ? died(failed, 'tried_too_often', now) : failed;
};

/** Its content is kept: it may be queued once more. */
export const died = (before: ConnectorWrite, reason: DeadReason, now: Date): ConnectorWrite => ({
  ...before,
  status: 'dead',
  deadReason: reason,
  ...settledAt(now),
});

const settledAt = (now: Date) => ({ settledAt: now, musterExpireAt: new Date(now.getTime() + KEPT_MS) });

/**
 * What is posted, as Standard Webhooks have it. Made of nothing that changes, so that one id always carries the same
 * bytes, however often it is sent.
 */
export const bodyOf = ({ kind, queuedAt, content }: ConnectorWrite): string =>
  `{"type":${JSON.stringify(kind)},"timestamp":${JSON.stringify(queuedAt)},"data":${content ?? 'null'}}`;
