import * as z from 'zod';
import {
  connectorId,
  connectorOf,
  FORBIDDEN,
  killedName,
  namesAbove,
  type CapabilityClass,
} from '@muster/contract/capabilities';
import { FORMER_POLICY } from '@muster/contract/former-release';
import { mode, type Mode } from '@muster/contract/modes';
import type { GuardReason } from '@muster/contract/errors';
import type { ActivationKind } from '@muster/contract/policy';
import { NORMAL_POLICY } from '@muster/contract/normal-policy';
import { documentAt } from '@muster/core/storage/documents';
import { parsedOnce } from '@muster/core/storage/parsed-once';
import { paths } from '@muster/core/storage/paths';

/** One exemption: until when, under which record, and who granted it: nobody passes by what they granted themselves. */
export const exemption = z.object({
  id: z.string().catch(''),
  until: z.date(),
  by: z
    .array(z.unknown())
    .default([])
    .transform((all) => all.filter((one) => typeof one === 'string')),
});
export type Exemption = z.infer<typeof exemption>;

/**
 * Who may do what in spite of one restriction, and until when: by owner, then by capability. Part of the restriction,
 * so that it ends with it, that a later one is not pierced by it, and that the guard reads no further document.
 */
export type Exemptions = Record<string, Record<string, Exemption>>;

/** Each that can be read. One that is damaged lets nobody pass; what it is from stands all the same. */
const exemptions = z
  .unknown()
  .default({})
  .transform((stored): Exemptions => {
    const owners = z.record(z.string(), z.unknown()).safeParse(stored).data ?? {};
    return Object.fromEntries(Object.entries(owners).map(([owner, own]) => [owner, ownExemptions(own)]));
  });

const ownExemptions = (stored: unknown): Exemptions[string] =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).safeParse(stored).data ?? {}).flatMap(([capability, one]) => {
      const read = exemption.safeParse(one).data;
      return read ? [[capability, read] as const] : [];
    }),
  );

const UNREADABLE = '(cannot be read)';

/**
 * What decides is `until` and `exemptions`, in the rules as here. The rest is for people: who, why and since when, and the
 * record of this activation, `muster_activations/{id}`. That some of it cannot be read changes no decision.
 */
const standing = {
  until: z.date().nullable(),
  activation: z.string().nullable().catch(null),
  exemptions,
};

/** A kill switch that is on: `until` null means until someone restores it. */
export const killSwitch = z.object({
  since: z.date().catch(new Date(0)),
  by: z.string().catch(UNREADABLE),
  reason: z.string().catch(UNREADABLE),
  ...standing,
});
export type KillSwitch = z.infer<typeof killSwitch>;

/** A connector that is out: mode `offline` for it alone, entered and left by policy. Nobody is exempted from it. */
export const offlineConnector = z.strictObject({
  since: z.date(),
  reason: z.string(),
  activation: z.string().nullable(),
});
export type OfflineConnector = z.infer<typeof offlineConnector>;

/** Versions that are read: this one, and for one release the one before, which had requests to end things in it. */
const READ_VERSIONS = [3, 4] as const;

/** `muster_policy/current`: everything that is restricted now. One document, so that a guard is one read. */
export const policyDocument = z.strictObject({
  version: z.literal(READ_VERSIONS).transform(() => 4 as const),
  mode: z.object({
    name: mode,
    since: z.date().nullable().catch(null),
    by: z.string().nullable().catch(null),
    reason: z.string().nullable().catch(null),
    ...standing,
  }),
  /** By what they kill: a capability, the beginning of several, or `*`. */
  killSwitches: z.record(killedName, killSwitch),
  /** By the connector's id: `github` forbids what `connector.github.…` writes. */
  offline: z.record(connectorId, offlineConnector),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

export const policyAt = () => documentAt(paths.policy(), policyDocument);

const AS_STORED = documentAt<unknown>(paths.policy(), z.unknown());

/** For the guard, which must refuse, not fail, when the stored policy is not what it should be. */
export const policyAsStored = () => AS_STORED;

const FORMER = documentAt<unknown>(FORMER_POLICY, z.unknown());

/** The policy of 0.1.0, if one stands. Looked for only where there is no policy: it costs nothing on the usual way. */
export const formerPolicyAt = () => FORMER;

/** The stored policy, or undefined when it is not what it should be. */
export const parsedPolicy = parsedOnce(policyDocument);

/** Nothing is restricted. */
export const NORMAL: PolicyDocument = NORMAL_POLICY;

/** No mode is on. */
export const NO_MODE = NORMAL.mode;

/** What binds at a time: a restriction whose `until` has come binds no one, flagged yet or not. */
export const bindsAt = ({ until }: { until: Date | null }, now: Date): boolean => until === null || until > now;

export const modeAt = (policy: PolicyDocument, now: Date): Mode =>
  bindsAt(policy.mode, now) ? policy.mode.name : 'normal';

/** One restriction, as it stands. */
export interface Restriction {
  kind: ActivationKind;
  /** The name that is killed, the mode, or the connector. */
  name: string;
  since: Date | null;
  until: Date | null;
  by: string | null;
  reason: string | null;
  activation: string | null;
  exemptions: Exemptions;
}

/** The reason that a refusal names for each kind of restriction. */
export const REASON_OF = {
  kill_switch: 'BLOCKED_BY_KILL_SWITCH',
  mode: 'DEGRADED_MODE',
  connector_offline: 'DEGRADED_MODE',
} as const satisfies Record<ActivationKind, GuardReason>;

/** Every restriction that forbids a capability of a class at `now`, exemptions aside: kill switches, mode, connector. */
export const restrictionsOf = (
  policy: PolicyDocument,
  capability: { name: string; class: CapabilityClass },
  now: Date,
): Restriction[] => {
  const found: Restriction[] = [];
  const { killSwitches } = policy;
  // Looked up by name, not gone through: the same time whether one thing is killed or a hundred.
  for (const name of FORBIDDEN.kill_switch.includes(capability.class) ? namesAbove(capability.name) : []) {
    const entry = Object.hasOwn(killSwitches, name) ? killSwitches[name] : undefined;
    if (entry && bindsAt(entry, now)) found.push({ kind: 'kill_switch', name, ...entry });
  }
  if (FORBIDDEN[modeAt(policy, now)].includes(capability.class)) found.push({ kind: 'mode', ...policy.mode });
  if (FORBIDDEN.offline.includes(capability.class)) {
    const [id, entry] = offlineFor(policy, capability.name) ?? [];
    if (id !== undefined && entry) {
      found.push({ kind: 'connector_offline', name: id, ...entry, until: null, by: 'muster', exemptions: {} });
    }
  }
  return found;
};

/** The connector that a capability writes to, with its entry, if it is out. */
const offlineFor = ({ offline }: PolicyDocument, capability: string): [string, OfflineConnector] | undefined => {
  const id = connectorOf(capability);
  const entry = id !== undefined && Object.hasOwn(offline, id) ? offline[id] : undefined;
  return id !== undefined && entry ? [id, entry] : undefined;
};

/** Who does a capability, for whom, and who asked for it. */
export interface Served {
  capability: string;
  actor: string;
  owner?: string | undefined;
  proposedBy?: string | undefined;
}

/** Whether a restriction lets this be done all the same: for its owner, and for nobody who granted that. */
export const exempts = (restriction: Pick<Restriction, 'exemptions'>, served: Served, now: Date): boolean =>
  exemptionFor(restriction, served, now) !== undefined;

/** The exemption that lets it pass. */
export const exemptionFor = (
  { exemptions: all }: Pick<Restriction, 'exemptions'>,
  { capability, actor, owner = actor, proposedBy = actor }: Served,
  now: Date,
): Exemption | undefined => {
  const own = Object.hasOwn(all, owner) ? all[owner] : undefined;
  const one = own && Object.hasOwn(own, capability) ? own[capability] : undefined;
  const isTheirOwn = [actor, owner, proposedBy].some((uid) => one?.by.includes(uid));
  return one !== undefined && one.until > now && !isTheirOwn ? one : undefined;
};
