import { endFrom, laterEnd } from './until';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('the end that is asked for', () => {
  test.each([0, -1])('is refused by its name when it is %i ms from now', (ms) => {
    expect(() => endFrom(later(ms).toISOString(), NOW)).toThrow(/until: a time to come/u);
  });

  test('is a time to come, or none', () => {
    expect(endFrom(later(1).toISOString(), NOW)).toEqual(later(1));
    expect(endFrom(undefined, NOW)).toBeNull();
  });

  test('is later than another when it is never', () => {
    expect(laterEnd(null, later(1))).toBeNull();
    expect(laterEnd(later(1), null)).toBeNull();
    expect(laterEnd(later(1), later(2))).toEqual(later(2));
    expect(laterEnd(later(2), later(1))).toEqual(later(2));
  });
});
