import { NOTHING_HELD, type HoldsDocument } from './holds';
import { nextKeeping } from './next-keeping';

const DAY = 86_400_000;
const NOW = new Date('2026-03-31T03:17:00.000Z');
const HOLD = { hld_one: { reason: 'a court asked for it', by: 'uid', since: NOW } };
const after = (days: number) => new Date(NOW.getTime() + days * DAY);

const step = (stored: Partial<HoldsDocument>, now: Date, dueBelow: number, retentionDays = 400) =>
  nextKeeping({ ...NOTHING_HELD, retentionDays: 400, ...stored }, { now, retentionDays, dueBelow });

test('a retention that no entry has said yet is said, with what it makes due', () => {
  expect(step({ retentionDays: 0 }, NOW, 7)).toMatchObject({
    ...{ action: 'audit_log.retention_set', after: { retentionDays: 400, announced: { below: 7, at: NOW } } },
  });
  const announced = { below: 7, at: NOW };
  // What was announced under the other one is not ended, were it a year ago.
  expect(step({ announced }, after(365), 9, 500)).toMatchObject({
    ...{ action: 'audit_log.retention_set', after: { announced: { below: 9, at: after(365) }, endedBelow: 0 } },
  });
});

test('it takes a week from announcing to ending, to the millisecond', () => {
  const announced = { below: 7, at: NOW };
  expect(step({ announced }, new Date(after(7).getTime() - 1), 9)).toBeUndefined();
  expect(step({ announced }, after(7), 7)).toMatchObject({
    ...{ action: 'audit_log.expiry_ran', after: { announced: null, endedBelow: 7 } },
  });
  expect(step({ announced }, after(7), 9)?.after).toMatchObject({
    announced: { below: 9, at: after(7) },
    endedBelow: 7,
  });
});

test('what has ended already is not announced again', () => {
  expect(step({ endedBelow: 7 }, NOW, 7)).toBeUndefined();
  expect(step({ endedBelow: 7 }, NOW, 8)).toMatchObject({
    ...{ action: 'audit_log.expiry_announced', after: { announced: { below: 8 }, endedBelow: 7 } },
  });
});

test('while a hold stands, nothing is announced and nothing ends; a retention that is set is told', () => {
  expect(step({ holds: HOLD, announced: { below: 7, at: NOW } }, after(30), 9)).toBeUndefined();
  expect(step({ holds: HOLD }, after(30), 9)).toBeUndefined();
  expect(step({ holds: HOLD }, NOW, 9, 500)?.after).toMatchObject({ retentionDays: 500, announced: null });
});
