import { slipsAmong } from './slip-through';

describe('writes after an acknowledged restriction', () => {
  test('are those with a later commit time, in whatever order they are read', () => {
    expect(slipsAmong([1_020, 1_000, 1_040, 1_010, 1_030], 1_015)).toEqual({ count: 3, lastMs: 25, rate: 100 });
  });

  test('are told apart by microseconds', () => {
    const { count, lastMs } = slipsAmong([1_774_947_600_000, 1_774_947_600_000.002], 1_774_947_600_000.001);
    expect(count).toBe(1);
    expect(lastMs).toBeCloseTo(0.001, 3);
  });

  test('are none when the last commit is the acknowledgment or before it', () => {
    expect(slipsAmong([1_000, 1_010], 1_010)).toMatchObject({ count: 0, lastMs: 0 });
    expect(slipsAmong([], 1_010)).toMatchObject({ count: 0, lastMs: 0 });
  });
});
