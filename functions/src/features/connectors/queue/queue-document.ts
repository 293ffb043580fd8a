import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';
import { asStored } from '../connector-document';

/** Writes that may be on their way: a permit for these numbers was committed, and what came of them was not yet. */
const permit = z.strictObject({
  from: z.int(),
  upTo: z.int(),
  since: z.date(),
  /** How often in a row a permit that begins with this number was given without an end: what crashes each deliverer is not tried forever. */
  tries: z.int(),
});

/** The connector was registered with another destination while these waited: they go nowhere before it is agreed to. */
const hold = z.strictObject({
  /** From the one after this, */
  after: z.int(),
  /** to this one. */
  upTo: z.int(),
  /** Who changed the destination. */
  by: z.string(),
  since: z.date(),
});
export type Hold = z.infer<typeof hold>;

/**
 * `muster_connectorQueues/{id}`: the one place where the order of what is written to a connector is made. Numbers are given
 * without a gap and settled in order, so all up to `settled` are delivered or dead.
 */
export const connectorQueue = z.strictObject({
  /** The last number given. */
  accepted: z.int(),
  settled: z.int(),
  /** To be delivered, those that may be on their way included. */
  waiting: z.int(),
  /** Became dead letters, and were not queued once more. Those that a TTL has removed since are counted too. */
  dead: z.int(),
  /** Nothing up to here is sent any more; what is on its way is not called back. */
  discardedUpTo: z.int(),
  /** Who delivers, and until when nobody else may. */
  lease: z.strictObject({ holder: z.string(), until: z.date() }).nullable(),
  sending: permit.nullable(),
  held: hold.nullable().default(null),
});
export type ConnectorQueue = z.infer<typeof connectorQueue>;

export const queueAt = (id: string) => documentAt(paths.connectorQueue(id), connectorQueue);

/** Whatever it holds, for who must go on when it is damaged. */
export const queueAsStored = (id: string) => documentAt(paths.connectorQueue(id), asStored);

/** Of a connector to which nothing was sent yet. */
export const EMPTY_QUEUE: ConnectorQueue = {
  accepted: 0,
  settled: 0,
  waiting: 0,
  dead: 0,
  discardedUpTo: 0,
  lease: null,
  sending: null,
  held: null,
};
