/** Entering and ending a mode. Pure. */
import { FORBIDDEN } from '@muster/contract/capabilities';
import type { RestrictedMode } from '@muster/contract/modes';
import { modeAt, NO_MODE, type PolicyDocument } from '@muster/guard/policy-document';
import { needsSecondPerson } from './for-others/second-person';
import { laterEnd } from './for-others/until';

export interface Entry {
  mode: RestrictedMode;
  reason: string;
  until: Date | null;
}

/**
 * The policy with a mode on. Entering a mode that is on renews it: its beginning stays, reason and end are new. Where
 * two persons end a restriction, one alone neither shortens it nor puts a laxer one in its place.
 */
export const enterMode = (
  before: PolicyDocument,
  entry: Entry,
  { by, now, activation, twoPersons }: { by: string; now: Date; activation: string; twoPersons: boolean },
): { policy: PolicyDocument; renewed: boolean; replaced: RestrictedMode | null } => {
  const on = modeAt(before, now);
  const renewed = on === entry.mode;
  const replaced = renewed || on === 'normal' ? null : on;
  if (twoPersons && replaced && FORBIDDEN[entry.mode].length < FORBIDDEN[replaced].length) {
    throw needsSecondPerson(
      `${entry.mode} forbids less than ${replaced}, which is on and which two persons end.`,
      `Two staff members end ${replaced} first (policy-exitDegraded); then enter ${entry.mode}.`,
    );
  }
  // Of one that is replaced, too: or a stricter one for a minute would be an end of it by one person.
  const until = twoPersons && on !== 'normal' ? laterEnd(entry.until, before.mode.until) : entry.until;
  const mode = renewed
    ? { ...before.mode, activation: before.mode.activation ?? activation }
    : { ...NO_MODE, since: now, activation };
  return {
    policy: { ...before, mode: { ...mode, name: entry.mode, until, by, reason: entry.reason } },
    renewed,
    replaced,
  };
};

/**
 * The policy with its mode ended, or undefined when there is nothing to end: no mode is on, or another one than the
 * one that was named. An expired mode that no run has ended yet is not on.
 */
export const exitMode = (
  before: PolicyDocument,
  named: RestrictedMode | undefined,
  now: Date,
): PolicyDocument | undefined => {
  const on = modeAt(before, now);
  return on === 'normal' || (named !== undefined && named !== on) ? undefined : { ...before, mode: NO_MODE };
};
