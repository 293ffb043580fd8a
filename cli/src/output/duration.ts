const SECOND = 1000;
const UNITS = [
  { ms: 24 * 60 * 60 * SECOND, sign: 'd' },
  { ms: 60 * 60 * SECOND, sign: 'h' },
  { ms: 60 * SECOND, sign: 'm' },
  { ms: SECOND, sign: 's' },
] as const;

/** `1h 10m`, `4m 30s`, `2d 3h`: the two largest units, cut rather than rounded, so that no target seems met that is not. */
export const duration = (ms: number): string => {
  const largest = UNITS.findIndex((unit) => ms >= unit.ms);
  if (largest === -1) return ms > 0 ? 'under 1s' : '0s';
  let rest = ms;
  const parts = UNITS.slice(largest, largest + 2).map(({ ms: size, sign }) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${sign}`;
  });
  return parts.filter((part) => part !== '').join(' ');
};

/** `in 2d`, `3h ago`. */
export const fromNow = (at: Date, now: Date): string => {
  const ms = at.getTime() - now.getTime();
  return ms >= 0 ? `in ${duration(ms)}` : `${duration(-ms)} ago`;
};
