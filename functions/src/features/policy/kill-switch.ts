/** Setting and ending a kill switch. Pure. */
import { EVERYTHING } from '@muster/contract/capabilities';
import { bindsAt, type KillSwitch, type PolicyDocument } from '@muster/guard/policy-document';
import type { Order } from './activation-document';
import { laterEnd } from './for-others/until';
import { hasRoomFor, widerNames } from './kill-switch-room';

/** The kill switch that stands under exactly this name. */
export const standingSwitch = (policy: PolicyDocument, name: string, now: Date): KillSwitch | undefined => {
  const entry = Object.hasOwn(policy.killSwitches, name) ? policy.killSwitches[name] : undefined;
  return entry && bindsAt(entry, now) ? entry : undefined;
};

/**
 * What is killed when this name is asked for: the name itself wherever it has a place; else the nearest above it that is new and
 * has one, or that stands for as long and is pierced by nobody; else everything. What was asked for is stopped in each case.
 */
export const killedAs = (before: PolicyDocument, asked: string, { at, until }: Pick<Order, 'at' | 'until'>): string => {
  const hasPlace = (name: string) => Object.hasOwn(before.killSwitches, name) || hasRoomFor(before.killSwitches, name);
  if (hasPlace(asked)) return asked;
  const suffices = (name: string) => {
    const standing = standingSwitch(before, name, at);
    if (!standing) return hasPlace(name);
    const lasts = laterEnd(until, standing.until) === standing.until;
    return lasts && Object.keys(standing.exemptions).length === 0;
  };
  return widerNames(asked).find(suffices) ?? EVERYTHING;
};

/**
 * The policy with a capability killed, under the name that `killedAs` gives. Killing what is killed renews it: its beginning and
 * its exemptions stay. Where two persons end it, one alone does not shorten it. One that is
 * killed in place of a name without room is never shortened, and keeps who killed it and why.
 */
export const withSwitch = (
  before: PolicyDocument,
  asked: string,
  order: Order,
  { activation, twoPersons }: { activation: string | null; twoPersons: boolean },
): { policy: PolicyDocument; entry: KillSwitch; renewed: boolean; binds: string } => {
  const binds = killedAs(before, asked, order);
  const standing = standingSwitch(before, binds, order.at);
  const isInstead = binds !== asked;
  const { by, reason } = isInstead && standing ? standing : order;
  const until = standing && (twoPersons || isInstead) ? laterEnd(order.until, standing.until) : order.until;
  const entry: KillSwitch = standing
    ? { ...standing, by, reason, until, activation: standing.activation ?? activation }
    : { since: order.at, by, reason, until, activation, exemptions: {} };
  return {
    policy: { ...before, killSwitches: { ...before.killSwitches, [binds]: entry } },
    entry,
    renewed: standing !== undefined,
    binds,
  };
};

export const withoutSwitch = (before: PolicyDocument, name: string): PolicyDocument => ({
  ...before,
  killSwitches: Object.fromEntries(Object.entries(before.killSwitches).filter(([other]) => other !== name)),
});

/** Those whose time has come. */
export const expiredSwitches = (policy: PolicyDocument, now: Date): [name: string, entry: KillSwitch][] =>
  Object.entries(policy.killSwitches).filter(([, entry]) => !bindsAt(entry, now));
