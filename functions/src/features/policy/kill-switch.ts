/** Setting and ending a kill switch. Pure. */
import { EVERYTHING } from '@muster/contract/capabilities';
import { MusterError } from '@muster/core/errors';
import { bindsAt, type KillSwitch, type PolicyDocument } from '@muster/guard/policy-document';
import type { Order } from './activation-document';
import { laterEnd } from './for-others/until';

/** Named kill switches at the most; everything can be killed all the same. */
const MOST_SWITCHES = 100;

/** The kill switch that stands under exactly this name. */
export const standingSwitch = (policy: PolicyDocument, name: string, now: Date): KillSwitch | undefined => {
  const entry = Object.hasOwn(policy.killSwitches, name) ? policy.killSwitches[name] : undefined;
  return entry && bindsAt(entry, now) ? entry : undefined;
};

/**
 * The policy with a capability killed. Killing what is killed renews it: its beginning and its exemptions stay, and
 * nobody's request to end it does. Where two persons end it, one alone does not shorten it.
 */
export const withSwitch = (
  before: PolicyDocument,
  name: string,
  order: Order,
  { activation, twoPersons }: { activation: string | null; twoPersons: boolean },
): { policy: PolicyDocument; entry: KillSwitch; renewed: boolean } => {
  const standing = standingSwitch(before, name, order.at);
  // One of this name whose time has come, and which no run has ended yet, makes room for itself.
  const isNew = name !== EVERYTHING && !Object.hasOwn(before.killSwitches, name);
  if (isNew && Object.keys(before.killSwitches).length >= MOST_SWITCHES) {
    throw new MusterError('CONFLICT', `There are ${MOST_SWITCHES} kill switches. ${name} was not killed.`, {
      reason: 'TOO_MANY',
      next: 'Kill the beginning of several names, or everything (*).',
    });
  }
  const { by, reason } = order;
  const until = standing && twoPersons ? laterEnd(order.until, standing.until) : order.until;
  const entry: KillSwitch = standing
    ? { ...standing, by, reason, until, activation: standing.activation ?? activation, endRequest: null }
    : { since: order.at, by, reason, until, activation, exemptions: {}, endRequest: null };
  return {
    policy: { ...before, killSwitches: { ...before.killSwitches, [name]: entry } },
    entry,
    renewed: standing !== undefined,
  };
};

export const withoutSwitch = (before: PolicyDocument, name: string): PolicyDocument => ({
  ...before,
  killSwitches: Object.fromEntries(Object.entries(before.killSwitches).filter(([other]) => other !== name)),
});

/** Those whose time has come. */
export const expiredSwitches = (policy: PolicyDocument, now: Date): [name: string, entry: KillSwitch][] =>
  Object.entries(policy.killSwitches).filter(([, entry]) => !bindsAt(entry, now));
