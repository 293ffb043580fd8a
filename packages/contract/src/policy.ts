/** What is restricted now: degraded modes and kill switches. */
import * as z from 'zod';
import { connectorId, killedName } from './capabilities';
import * as v from './values';

import { mode, restrictedMode } from './modes';

export { mode, restrictedMode, type Mode } from './modes';

/** How an activation ended: null while it is on. A connector has `recovered`, or was registered anew or removed. */
export const activationEnd = z.enum([
  'restored',
  'break_glass',
  'expired',
  'exited',
  'replaced',
  'recovered',
  'registered_anew',
  'removed',
]);

/** What is on, since when, until when (null: until someone ends it), who entered it and why. */
export const policyView = z.strictObject({
  mode,
  since: v.instant.nullable(),
  until: v.instant.nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

export const enterDegraded = {
  request: z.strictObject({
    mode: restrictedMode,
    reason: v.text(1000),
    details: v.text(4000).optional(),
    until: v.instant.optional(),
    requestId: v.requestId.optional(),
  }),
  /** `replaced` names another mode that was on and has ended with this. */
  response: z.strictObject({
    changed: z.boolean(),
    renewed: z.boolean(),
    replaced: restrictedMode.nullable(),
    policy: policyView,
  }),
};

export const exitDegraded = {
  request: z.strictObject({
    mode: restrictedMode.optional(),
    reason: v.text(1000).optional(),
    details: v.text(4000).optional(),
    /** An admin ends it alone, where two persons are needed; marked in the audit and reported. */
    breakGlass: z.boolean().optional(),
    requestId: v.requestId.optional(),
  }),
  /** Where two persons are needed, the first is answered `changed: false` and a message that says so. */
  response: z.strictObject({
    changed: z.boolean(),
    /** How the mode ended; null when none did. */
    end: activationEnd.extract(['exited', 'break_glass']).nullable(),
    message: z.string(),
    policy: policyView,
  }),
};

/** Who asked to end a restriction and waits for a second person; null when nobody does. */
const endRequest = z.strictObject({ by: z.string(), at: v.instant, reason: z.string() }).nullable();

/** A kill switch that is on. `exemptions` is how many owners and capabilities pass it all the same. */
export const killSwitchView = z.strictObject({
  capability: killedName,
  since: v.instant,
  until: v.instant.nullable(),
  by: z.string(),
  reason: z.string(),
  activation: z.string().nullable(),
  exemptions: z.int(),
});
export type KillSwitchView = z.infer<typeof killSwitchView>;

/** A connector that is out: nothing may be written to it until policy finds it well again. */
const offlineConnectorView = z.strictObject({
  connector: connectorId,
  since: v.instant,
  reason: z.string(),
  activation: z.string().nullable(),
});

export const getPolicy = {
  request: z.strictObject({}),
  /** `modeEndRequest`: who asked to end the mode and waits for a second person. */
  response: z.strictObject({
    policy: policyView,
    modeEndRequest: endRequest,
    killSwitches: z.array(killSwitchView.extend({ endRequest })),
    offline: z.array(offlineConnectorView),
  }),
};

export const killCapability = {
  request: z.strictObject({
    /** A capability, the beginning of several (`shipping`), or `*` for everything. */
    capability: killedName,
    reason: v.justification,
    /** When it wears off by itself; left out, it does not. */
    until: v.instant.optional(),
    /** When the first attempt to do this failed, if one did: an incident is opened for the time between. */
    failedSince: v.instant.optional(),
    requestId: v.requestId.optional(),
  }),
  /**
   * `binds`: the name that is killed, and by which it is restored: what was asked for or, where the policy had no room for
   * another name, a wider one (`a.b`, `a` or `*` for `a.b.c`). `covers`: the capabilities of Muster's catalog that this stops. None for a name that only the product knows, or
   * one that was mistyped. `incident`: the one opened because earlier attempts could not be stored.
   */
  response: z.strictObject({
    changed: z.boolean(),
    renewed: z.boolean(),
    message: z.string(),
    binds: killedName,
    killSwitch: killSwitchView,
    covers: z.array(z.string()),
    incident: z.string().nullable(),
  }),
};

export const restoreCapability = {
  request: z.strictObject({
    /** The name as it was killed. */
    capability: killedName,
    reason: v.justification,
    /** An admin restores alone, where two persons are needed; marked in the audit and reported. */
    breakGlass: z.boolean().optional(),
    requestId: v.requestId.optional(),
  }),
  /**
   * `restored` is false when nothing by that name was killed, and when a second person is needed yet: then `endRequest` is the
   * first one's, which this call has noted.
   */
  response: z.strictObject({
    changed: z.boolean(),
    restored: z.boolean(),
    end: activationEnd.extract(['restored', 'break_glass']).nullable(),
    message: z.string(),
    killSwitches: z.array(killSwitchView),
    endRequest,
  }),
};

/** `POST /api/capabilities/policy/kill-switch`: everything at once, in the words of existing clients. */
export const setKillSwitch = {
  request: z.strictObject({ enabled: z.boolean(), rationale: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({
    changed: z.boolean(),
    /** Whether everything is killed now. */
    enabled: z.boolean(),
    message: z.string(),
    killSwitches: z.array(killSwitchView),
  }),
};

/** What an activation restricts: what is killed, the mode of the product, or one connector that is out. */
export const activationKind = z.enum(['kill_switch', 'mode', 'connector_offline']);
export type ActivationKind = z.infer<typeof activationKind>;

/** One activation of a kill switch or a mode, from its beginning to its end. */
export const activationView = z.strictObject({
  id: v.activationId,
  kind: activationKind,
  /** What was killed, the mode, or the connector. */
  name: z.string(),
  since: v.instant,
  until: v.instant.nullable(),
  by: z.string(),
  reason: z.string(),
  renewals: z.array(z.strictObject({ at: v.instant, by: z.string(), reason: z.string(), until: v.instant.nullable() })),
  endedAt: v.instant.nullable(),
  endedBy: z.string().nullable(),
  end: activationEnd.nullable(),
  endReason: z.string().nullable(),
  /** From `since` to its end, or to now while it is on. */
  durationMs: z.int(),
  /** Operations that it refused, in all and by capability. */
  denied: z.strictObject({ total: z.int(), byCapability: z.record(z.string(), z.int()) }),
});
export type ActivationView = z.infer<typeof activationView>;

export const policyLedger = {
  request: z.strictObject({
    kind: activationKind.optional(),
    /** Exactly this name: a capability, `*`, a mode, or a connector. */
    name: z.union([killedName, restrictedMode]).optional(),
    /** Only those that are on, or only those that have ended. */
    on: z.boolean().optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ activations: z.array(activationView), nextCursor: v.cursor.nullable() }),
};

/** `POST /api/ops/degraded`: the fields existing clients post. */
export const recordDegraded = z.strictObject({
  status: z.enum(['entered', 'exited']),
  mode: restrictedMode,
  reason: v.text(1000).optional(),
  details: v.text(4000).optional(),
  rationale: v.text(1000).optional(),
  requestId: v.requestId.optional(),
});
