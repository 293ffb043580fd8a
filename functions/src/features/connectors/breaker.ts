/** What a result does to a connector's circuit breaker, and when the mode `offline` is entered and left. Pure. */
import { ConsecutiveBreaker } from 'cockatiel';
import type { BreakerState } from '@muster/contract/connectors';
import type { OutboundResult } from '../../platform/adapters/outbound';
import type { ConnectorDocument } from './connector-document';

/**
 * When the breaker is half open is worked out here, from stored times: cockatiel's policy asks the machine's clock, which
 * neither a test nor another process can set. What opens it is cockatiel's.
 */
export const breakerAt = (
  { openedAt, retryAfterSeconds }: Pick<ConnectorDocument, 'openedAt' | 'retryAfterSeconds'>,
  now: Date,
): BreakerState => {
  if (openedAt === null) return 'closed';
  return now.getTime() >= openedAt.getTime() + retryAfterSeconds * 1000 ? 'half_open' : 'open';
};

/** What stands after a probe, or a delivery, that ended so at this time. */
export const afterResult = (before: ConnectorDocument, result: OutboundResult, now: Date): ConnectorDocument => {
  const breaker = new ConsecutiveBreaker(before.failuresToOpen);
  breaker.state = before.failures;
  const common = { ...before, latencyMs: result.latencyMs, lastProbedAt: now };
  if (result.ok) {
    breaker.success();
    const { state: failures } = breaker;
    return { ...common, failures, successes: before.successes + 1, openedAt: null, lastOkAt: now, lastFailure: null };
  }
  const opens = breaker.failure();
  const { state: failures } = breaker;
  return { ...common, failures, successes: 0, openedAt: opens ? now : null, lastFailure: result.failure };
};

/**
 * What must become of the mode `offline`, which stands since `offlineSince`. Two thresholds: an open breaker enters it;
 * it is left by several successes in a row, and not before its least time has passed.
 */
export const offlineChange = (
  { openedAt, successes, successesToClose, offlineAtLeastSeconds }: ConnectorDocument,
  offlineSince: Date | null,
  now: Date,
): 'enter' | 'leave' | undefined => {
  if (offlineSince === null) return openedAt === null ? undefined : 'enter';
  const longEnough = now.getTime() >= offlineSince.getTime() + offlineAtLeastSeconds * 1000;
  return openedAt === null && successes >= successesToClose && longEnough ? 'leave' : undefined;
};
