import * as z from 'zod';
import { outboundFailure } from '@muster/contract/connectors';
import { MusterError } from '@muster/core/errors';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** As registered. */
const settings = z.strictObject({
  name: z.string(),
  url: z.string(),
  deliverTo: z.string().nullable(),
  timeoutMs: z.int(),
  failuresToOpen: z.int(),
  retryAfterSeconds: z.int(),
  successesToClose: z.int(),
  offlineAtLeastSeconds: z.int(),
  repeatable: z.boolean(),
});
export type ConnectorSettings = z.infer<typeof settings>;

/** `muster_connectors/{id}`: how it is probed, and what was found last. Since when it is offline stands in the policy alone. */
export const connectorDocument = settings.extend({
  registeredAt: z.date(),
  /** Who said that it delivers where it does; null where a release before 0.2 stored that. */
  deliverToBy: z.string().nullable().default(null),
  /** In a row; one of the two is zero. */
  failures: z.int(),
  successes: z.int(),
  /** When the breaker opened, or was found to stay open; null while it is closed. */
  openedAt: z.date().nullable(),
  latencyMs: z.int().nullable(),
  lastProbedAt: z.date().nullable(),
  lastOkAt: z.date().nullable(),
  /** The last result's; null when it was a success. */
  lastFailure: outboundFailure.nullable(),
});
export type ConnectorDocument = z.infer<typeof connectorDocument>;

export const NOTHING_FOUND = {
  failures: 0,
  successes: 0,
  openedAt: null,
  latencyMs: null,
  lastProbedAt: null,
  lastOkAt: null,
  lastFailure: null,
};

/** Registered at the most: all of them are probed by one run, and shown by one look at their health. */
export const MOST_CONNECTORS = 150;

/** Read at the most, as some may be registered in the same moment. */
export const MOST_READ = 200;

export const connectorAt = (id: string) => documentAt(paths.connector(id), connectorDocument);

export const asStored = z.record(z.string(), z.unknown());

/** Whatever it holds: a damaged record must keep nobody from pausing the connector, or from registering it anew. */
export const connectorAsStored = (id: string) => documentAt(paths.connector(id), asStored);

const settingNames = Object.keys(settings.shape) as (keyof ConnectorSettings)[];

export const settingsOf = (found: ConnectorSettings): ConnectorSettings => settings.strip().parse(found);

export const isSameAs = (one: ConnectorSettings, other: ConnectorSettings): boolean =>
  settingNames.every((name) => one[name] === other[name]);

export const unknownConnector = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no connector with this id.', {
    reason: 'UNKNOWN_CONNECTOR',
    fields: [{ field: 'connectorId', problem: 'no connector has this id' }],
    next: 'List the connectors (connectors-list) and copy the id, or register it.',
  });

export const damagedConnector = (): MusterError =>
  new MusterError('CONFLICT', 'The record of this connector is damaged; it is not probed. Nothing was changed.', {
    reason: 'WRONG_STATE',
    next: 'Register the connector again (connectors-register).',
  });
