/** Until when a restriction is asked for, be it a mode or a kill switch. Pure. */
import { badInput } from '@muster/core/errors';

/** The time that an end was asked for, or a refusal when that time has come already. */
export const endFrom = (until: string | undefined, now: Date): Date | null => {
  if (until === undefined) return null;
  const end = new Date(until);
  if (end > now) return end;
  throw badInput([{ field: 'until', problem: `a time to come (it is ${now.toISOString()} here)` }]);
};

/** The later of two ends; null is never. */
export const laterEnd = (one: Date | null, other: Date | null): Date | null =>
  one === null || other === null ? null : one > other ? one : other;
