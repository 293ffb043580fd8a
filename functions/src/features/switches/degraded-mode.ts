/** Entering and ending a mode. Pure. */
import type * as z from 'zod';
import type { restrictedMode } from '../../contract/policy';
import { badInput } from '../../platform/errors';
import { modeAt, NORMAL, policyDocument, type PolicyDocument } from '../../platform/guard';

/** The stored policy, or none when there is none or it is damaged; either way a mode can be set over it. */
export const readablePolicy = (stored: unknown): PolicyDocument | undefined => policyDocument.safeParse(stored).data;

export interface Entry {
  mode: z.infer<typeof restrictedMode>;
  reason: string;
  until: Date | null;
}

/** The policy with a mode on. Entering a mode that is on renews it: its beginning stays, reason and end are new. */
export const enterMode = (
  before: PolicyDocument | undefined,
  entry: Entry,
  by: string,
  now: Date,
): { policy: PolicyDocument; renewed: boolean; replaced: Entry['mode'] | null } => {
  if (entry.until && entry.until <= now) {
    throw badInput([{ field: 'until', problem: `a time to come (it is ${now.toISOString()} here)` }]);
  }
  const on = before === undefined ? 'normal' : modeAt(before, now);
  const renewed = on === entry.mode;
  const replaced = renewed || on === 'normal' ? null : on;
  const since = renewed && before ? before.mode.since : now;
  return {
    policy: { version: 1, mode: { name: entry.mode, since, until: entry.until, by, reason: entry.reason } },
    renewed,
    replaced,
  };
};

/**
 * The policy with the mode ended, or undefined when there is nothing to end: no mode is on, or another one than
 * the one that was named. An expired mode that no run has ended yet is not on. A policy that is missing or
 * damaged restricts everything, and ending that is the way out of it.
 */
export const exitMode = (
  before: PolicyDocument | undefined,
  named: Entry['mode'] | undefined,
  now: Date,
): PolicyDocument | undefined => {
  if (before === undefined) return NORMAL;
  const on = modeAt(before, now);
  return on === 'normal' || (named !== undefined && named !== on) ? undefined : NORMAL;
};

/** The policy after its mode has worn off, or undefined when it has not. */
export const expireMode = (before: PolicyDocument, now: Date): PolicyDocument | undefined =>
  before.mode.name !== 'normal' && modeAt(before, now) === 'normal' ? NORMAL : undefined;
