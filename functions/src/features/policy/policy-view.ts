import type * as z from 'zod';
import type { KillSwitchView, policyView } from '@muster/contract/policy';
import type { EndRequest } from './activation-document';
import { bindsAt, modeAt, type PolicyDocument } from '@muster/guard/policy-document';

/** What binds at `now`, as answered: an expired mode is not answered as if it still bound anyone. */
export const toPolicyView = (policy: PolicyDocument, now: Date): z.input<typeof policyView> => {
  const { since, until, by, reason } = policy.mode;
  return modeAt(policy, now) === 'normal'
    ? { mode: 'normal', since: null, until: null, by: null, reason: null }
    : { mode: policy.mode.name, since: since?.toISOString() ?? null, until: until?.toISOString() ?? null, by, reason };
};

/** The kill switches that bind at `now`, by name. */
export const toKillSwitchViews = (policy: PolicyDocument, now: Date): KillSwitchView[] =>
  Object.entries(policy.killSwitches)
    .filter(([, entry]) => bindsAt(entry, now))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([capability, entry]) => ({
      capability,
      since: entry.since.toISOString(),
      until: entry.until?.toISOString() ?? null,
      by: entry.by,
      reason: entry.reason,
      activation: entry.activation,
      exemptions: Object.values(entry.exemptions)
        .flatMap((own) => Object.values(own))
        .filter(({ until }) => until > now).length,
    }));

/** Who asked to end a restriction and waits for a second person, as answered. */
export const toEndRequestView = (asked: EndRequest | null | undefined) =>
  asked ? { ...asked, at: asked.at.toISOString() } : null;

/** The connectors that are out, by name. */
export const toOfflineViews = ({ offline }: PolicyDocument) =>
  Object.entries(offline)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([connector, { since, ...rest }]) => ({ connector, since: since.toISOString(), ...rest }));
