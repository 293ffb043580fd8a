import * as z from 'zod';
import {
  connectorId,
  deadReason,
  outboundFailure,
  writeStatus,
  type ConnectorWriteView,
} from '@muster/contract/connectors';
import { documentAt, type BoundedQuery } from '@muster/core/storage/documents';
import { collections, paths } from '@muster/core/storage/paths';

/** `muster_connectorWrites/{id}`: one write, from its place in a queue to its end. */
export const connectorWrite = z.strictObject({
  connectorId,
  sequence: z.int(),
  kind: z.string(),
  /** As JSON; null once it is delivered. */
  content: z.string().nullable(),
  /** SHA-256 of the content, which tells what was delivered after the content is gone. */
  digest: z.string(),
  by: z.string(),
  /** Who queued it first, where it was queued once more by another since. */
  firstBy: z.string().nullable().default(null),
  /** Where it was to go when it was queued; null where a release before 0.2 stored it. */
  deliverTo: z.string().nullable().default(null),
  /** When the session began in which it was queued: whoever ends that ends what was queued in it. */
  sessionAt: z.date(),
  queuedAt: z.date(),
  status: writeStatus,
  attempts: z.int(),
  lastFailure: outboundFailure.nullable(),
  lastStatus: z.int().nullable(),
  deadReason: deadReason.nullable(),
  settledAt: z.date().nullable(),
  /** Firestore's TTL removes it then; null while it waits. */
  musterExpireAt: z.date().nullable(),
});
export type ConnectorWrite = z.infer<typeof connectorWrite>;

export const writeAt = (id: string) => documentAt(paths.connectorWrite(id), connectorWrite);

/** What waits for a connector beyond a place in its queue, in order. */
export const waitingAfter = (id: string, sequence: number, limit: number): BoundedQuery<ConnectorWrite> => ({
  collection: collections.connectorWrites,
  schema: connectorWrite,
  where: [
    { field: 'connectorId', is: '==', value: id },
    { field: 'status', is: '==', value: 'waiting' },
    { field: 'sequence', is: '>', value: sequence },
  ],
  orderBy: [{ field: 'sequence', direction: 'asc' }],
  limit,
});

/** Whose content it is, whoever asked that it be sent again. */
export const senderOf = ({ by, firstBy }: Pick<ConnectorWrite, 'by' | 'firstBy'>): string => firstBy ?? by;

/** A write as answered: without its content, which may be anything. */
export const toWriteView = (id: string, write: ConnectorWrite): ConnectorWriteView => ({
  id,
  connectorId: write.connectorId,
  sequence: write.sequence,
  kind: write.kind,
  by: write.by,
  queuedAt: write.queuedAt.toISOString(),
  status: write.status,
  attempts: write.attempts,
  lastFailure: write.lastFailure,
  lastStatus: write.lastStatus,
  deadReason: write.deadReason,
  settledAt: write.settledAt?.toISOString() ?? null,
});
