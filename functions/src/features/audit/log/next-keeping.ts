/** What a run of retention does: it announces what is due, and a week later ends it; each step is an entry, so a leaf of the log. */
import { EXPIRY_RAN } from '@muster/tlog/leaf';
import type { HoldsDocument } from './holds';
import { DAY_MS } from './retention';

/** Between announcing and ending: the time in which a legal hold stops it. */
export const ANNOUNCED_DAYS = 7;

export const RETENTION_SET = 'audit_log.retention_set';
export const EXPIRY_ANNOUNCED = 'audit_log.expiry_announced';

export interface KeepingStep {
  action: typeof RETENTION_SET | typeof EXPIRY_ANNOUNCED | typeof EXPIRY_RAN;
  after: HoldsDocument;
}

/**
 * The next step, or undefined when there is none. `dueBelow` is the size of the newest head that is as old as the retention. A
 * retention that was changed is told first, and what was announced under the one before is announced anew.
 */
export const nextKeeping = (
  stored: HoldsDocument,
  { now, retentionDays, dueBelow }: { now: Date; retentionDays: number; dueBelow: number },
): KeepingStep | undefined => {
  const held = Object.keys(stored.holds).length > 0;
  const announcing = (after: HoldsDocument): HoldsDocument =>
    held || dueBelow <= after.endedBelow ? after : { ...after, announced: { below: dueBelow, at: now } };

  if (stored.retentionDays !== retentionDays)
    return { action: RETENTION_SET, after: announcing({ ...stored, retentionDays, announced: null }) };
  if (held) return undefined;
  const { announced } = stored;
  if (announced === null) {
    const after = announcing(stored);
    return after === stored ? undefined : { action: EXPIRY_ANNOUNCED, after };
  }
  if (now.getTime() < announced.at.getTime() + ANNOUNCED_DAYS * DAY_MS) return undefined;
  return { action: EXPIRY_RAN, after: announcing({ ...stored, announced: null, endedBelow: announced.below }) };
};
