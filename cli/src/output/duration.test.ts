import { duration, fromNow } from './duration';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [0, '0s'],
  [1, 'under 1s'],
  [999, 'under 1s'],
  [59 * SECOND, '59s'],
  [60 * SECOND, '1m'],
  [4 * MINUTE + 30 * SECOND, '4m 30s'],
  [70 * MINUTE, '1h 10m'],
  [HOUR + 59 * SECOND, '1h'],
  [8 * HOUR - 1, '7h 59m'],
  [2 * DAY + 3 * HOUR, '2d 3h'],
  [7 * DAY, '7d'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a moment is told from now, either way', () => {
  const now = new Date('2026-03-31T09:00:00Z');
  expect(fromNow(new Date('2026-04-02T09:00:00Z'), now)).toBe('in 2d');
  expect(fromNow(new Date('2026-03-31T06:00:00Z'), now)).toBe('3h ago');
});
