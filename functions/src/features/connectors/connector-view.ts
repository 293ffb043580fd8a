/** A connector as answered. */
import type { ConnectorView } from '@muster/contract/connectors';
import { breakerAt } from './breaker';
import { settingsOf, type ConnectorDocument } from './connector-document';

export const toFindings = (found: ConnectorDocument, offlineSince: Date | null, now: Date) => ({
  breaker: breakerAt(found, now),
  latencyMs: found.latencyMs,
  lastProbedAt: found.lastProbedAt?.toISOString() ?? null,
  lastOkAt: found.lastOkAt?.toISOString() ?? null,
  lastFailure: found.lastFailure,
  offlineSince: offlineSince?.toISOString() ?? null,
});

export const toConnectorView = (
  id: string,
  found: ConnectorDocument,
  offlineSince: Date | null,
  now: Date,
): ConnectorView => ({
  id,
  ...settingsOf(found),
  registeredAt: found.registeredAt.toISOString(),
  ...toFindings(found, offlineSince, now),
});
