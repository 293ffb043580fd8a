/** How often something was done lately. Pure. */
import type { MusterError } from '@muster/core/errors';

const WINDOW_MS = 60_000;

/** The times with this one more, oldest first; refuses one more than `most` within any minute, with when there will be room. */
export const withAnother = (
  recent: readonly Date[],
  now: Date,
  most: number,
  tooMany: (roomAt: Date) => MusterError,
): Date[] => {
  // A time that is yet to come, of an instance whose clock is ahead, counts as well.
  const times = recent.filter((time) => time.getTime() > now.getTime() - WINDOW_MS);
  const [oldest] = times;
  if (oldest && times.length >= most) throw tooMany(new Date(oldest.getTime() + WINDOW_MS));
  return [...times, now].toSorted((one, other) => one.getTime() - other.getTime());
};
