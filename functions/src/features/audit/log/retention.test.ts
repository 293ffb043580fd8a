import { retentionDaysOf } from './retention';

test('no deployment keeps entries for less than 180 days', () => {
  for (const retentionDays of [-1, 0, 1, 179, 180]) expect(retentionDaysOf({ retentionDays })).toBe(180);
  expect(retentionDaysOf({ retentionDays: 400 })).toBe(400);
});
