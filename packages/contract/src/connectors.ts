/** Connectors: what reaches outside systems, how each is probed, whether it is up, and what waits for it. */
import * as z from 'zod';
import { proposalInput } from './proposals';
import { connectorId } from './capabilities';
import { killCapability, restoreCapability } from './policy';
import * as v from './values';

export { connectorId };

/** What is killed when a connector is paused. */
export const capabilityOf = (id: string): string => `connector.${id}`;

/** HTTPS to a public name: no credentials, which a log would show, and no port of another protocol. */
export const outsideUrl = z
  .string()
  .max(2000)
  .regex(/^https:\/\/[\u0021-\u007e]+$/u, 'an https address without white space')
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { username, password, port } = new URL(text);
    const open = port === '' || Number(port) > 1023;
    return open && username === '' && password === '' && !text.includes('#');
  }, 'an https address without credentials and fragment, on port 443 or one above 1023');

/** What a probe or a delivery found wrong, in one word. */
export const outboundFailure = z.enum([
  'timeout',
  'address_refused',
  'redirect',
  'bad_status',
  'too_large',
  'incomplete',
  'certificate',
  'unreachable',
]);
export type OutboundFailure = z.infer<typeof outboundFailure>;

/** How a connector is probed and delivered to. */
export const connectorSettings = {
  name: v.text(100),
  /** What is asked with GET once a minute. */
  url: outsideUrl,
  /** Where queued writes are posted to; without it nothing can be queued. */
  deliverTo: outsideUrl.nullable().default(null),
  /** For everything: name, connection, answer. */
  timeoutMs: z.int().min(100).max(5000).default(2000),
  /** Failures in a row that open the breaker, and so put the connector offline. */
  failuresToOpen: z.int().min(1).max(10).default(3),
  /** For so long an open breaker lets nobody ask. */
  retryAfterSeconds: z.int().min(1).max(3600).default(60),
  /** Successes in a row before the connector is online again. */
  successesToClose: z.int().min(1).max(10).default(3),
  /** Once offline, it stays offline for so long at the least. */
  offlineAtLeastSeconds: z.int().min(0).max(3600).default(300),
  /**
   * Whether the receiver drops a `webhook-id` that it has seen, so that a delivery without an answer may be made again.
   * If not, it goes to the dead letters instead.
   */
  repeatable: z.boolean().default(true),
};

export const breakerState = z.enum(['closed', 'open', 'half_open']);
export type BreakerState = z.infer<typeof breakerState>;

/** What the last probes found. `open`: not asked until the retry time has passed; `half_open`: it may be asked again. */
export const connectorFindings = {
  breaker: breakerState,
  latencyMs: z.int().nullable(),
  lastProbedAt: v.instant.nullable(),
  lastOkAt: v.instant.nullable(),
  lastFailure: outboundFailure.nullable(),
  /** Since when it is offline by policy: nothing may be written to it, what is sent waits. */
  offlineSince: v.instant.nullable(),
};

export const connectorView = z.strictObject({
  id: connectorId,
  ...connectorSettings,
  registeredAt: v.instant,
  ...connectorFindings,
});
export type ConnectorView = z.infer<typeof connectorView>;

/**
 * `replaced`: it was registered before, with other settings. What was found of it is forgotten; an outage goes on until probes end it.
 * `held`: so many waited to be delivered elsewhere, and go nowhere before somebody else agrees (`connectors-release`).
 */
export const registerConnector = {
  request: z.strictObject({ connectorId, ...connectorSettings, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), replaced: z.boolean(), held: z.int(), connector: connectorView }),
};

export const listConnectors = {
  request: z.strictObject({ limit: v.limit, cursor: v.cursor.optional() }),
  response: z.strictObject({ connectors: z.array(connectorView), nextCursor: v.cursor.nullable() }),
};

/**
 * `probed` is false, and nothing is changed, while the breaker is open: it is not asked before its retry time. So it is
 * when another opened it, or registered the connector anew, while this probe was on its way.
 */
export const probeConnector = {
  request: z.strictObject({ connectorId, requestId: v.requestId.optional() }),
  response: z.strictObject({ probed: z.boolean(), ok: z.boolean(), connector: connectorView }),
};

/** Kills `connector.<id>`. */
export const pauseConnector = {
  request: killCapability.request.pick({ reason: true, until: true, requestId: true }).extend({ connectorId }),
  response: killCapability.response,
};

/** Restores `connector.<id>`. */
export const resumeConnector = {
  request: restoreCapability.request.pick({ reason: true, breakGlass: true, requestId: true }).extend({ connectorId }),
  response: restoreCapability.response,
};

/** `waiting` to be delivered, `delivered` once, or `dead`: not delivered, and not tried again unless someone asks. */
export const writeStatus = z.enum(['waiting', 'delivered', 'dead']);

/**
 * Why a write is dead: what the receiver said no to, what was tried too often, what has no known answer, what was
 * discarded, and what was queued in a session that was ended since.
 */
export const deadReason = z.enum(['rejected', 'tried_too_often', 'in_doubt', 'discarded', 'session_ended']);

/** One queued write. Its content is kept while it may still be sent, and is not shown. */
export const connectorWriteView = z.strictObject({
  id: v.connectorWriteId,
  connectorId,
  /** Its place in the queue of its connector: delivered in this order. */
  sequence: z.int(),
  kind: z.string(),
  by: z.string(),
  queuedAt: v.instant,
  status: writeStatus,
  attempts: z.int(),
  lastFailure: outboundFailure.nullable(),
  /** HTTP status of the last answer. */
  lastStatus: z.int().nullable(),
  deadReason: deadReason.nullable(),
  settledAt: v.instant.nullable(),
});
export type ConnectorWriteView = z.infer<typeof connectorWriteView>;

/**
 * Queues writes for a connector, in this order; delivered within a minute while it is up, in order once it is up again
 * after an outage. Refused while it is paused: what was paused must not pile up.
 */
export const sendToConnector = {
  request: z.strictObject({
    connectorId,
    writes: z
      .array(z.strictObject({ kind: v.text(100), content: proposalInput }))
      .min(1)
      .max(50),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({
    changed: z.boolean(),
    /** Whether the connector is offline, so that they wait for its return. */
    offline: z.boolean(),
    writes: z.array(z.strictObject({ id: v.connectorWriteId, sequence: z.int() })),
    waiting: z.int(),
  }),
};

export const listConnectorWrites = {
  request: z.strictObject({
    connectorId: connectorId.optional(),
    status: writeStatus.optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ writes: z.array(connectorWriteView), nextCursor: v.cursor.nullable() }),
};

/** Why some of what waits is not delivered now. */
export const deliveryStop = z.enum(['offline', 'restricted', 'failing', 'busy', 'time', 'held']);
export type DeliveryStop = z.infer<typeof deliveryStop>;

/** Delivers what waits, now, for at most 20 s. `stopped` says why some still waits; null when none does. */
export const deliverToConnector = {
  request: z.strictObject({ connectorId }),
  response: z.strictObject({
    delivered: z.int(),
    dead: z.int(),
    waiting: z.int(),
    stopped: deliveryStop.nullable(),
  }),
};

/**
 * Lets go where the connector delivers now what was queued while it delivered elsewhere. By another than who changed that; who
 * did releases what they queued themselves, as far as nobody else's comes before it. `breakGlass`: an admin alone, marked and reported.
 */
export const releaseWrites = {
  request: z.strictObject({
    connectorId,
    /** The destination that is agreed to, as it stands. */
    deliverTo: outsideUrl,
    reason: v.justification,
    breakGlass: z.boolean().optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({
    changed: z.boolean(),
    released: z.int(),
    /** That go on being held. */
    held: z.int(),
    end: z.literal('break_glass').nullable(),
  }),
};

/** Queues a dead write once more, last in order, for where the connector delivers now. */
export const redeliverWrite = {
  request: z.strictObject({ writeId: v.connectorWriteId, reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), write: connectorWriteView }),
};

/** Everything that waits for a connector becomes a dead letter: what a broken automation has queued must not go out. */
export const discardWrites = {
  request: z.strictObject({ connectorId, reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), discarded: z.int() }),
};

export const healthState = z.enum(['up', 'down', 'offline', 'paused', 'unknown', 'damaged']);

/**
 * What was found last, and asked of nobody. `paused`: a person or a mode forbids writing to it now; `offline`: policy
 * does, because it is out; `down`: the last probe failed, and it is not out yet. `healthy`: all are up, or not probed yet.
 */
export const connectorHealth = {
  request: z.strictObject({ limit: z.int().min(1).max(200).default(200) }),
  response: z.strictObject({
    healthy: z.boolean(),
    connectors: z.array(
      z.strictObject({
        id: connectorId,
        name: z.string(),
        state: healthState,
        ...connectorFindings,
        waiting: z.int(),
        dead: z.int(),
        /** Of those that wait: queued for another destination than the connector has now. */
        held: z.int(),
      }),
    ),
  }),
};
