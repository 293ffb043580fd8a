import { MUSTER_WORDS } from '@muster/contract/audit/entry';
import { bucketsOf, rowsOf } from './stats-cells';

const between = (from: string, to: string, bucket: 'hour' | 'day' | 'week', rows = 1) =>
  bucketsOf({ from, to, bucket }, rows).map((one) => `${one.from.toISOString()} ${one.to.toISOString()}`);

test('buckets are whole in UTC, cut to what was asked for, and leave nothing out', () => {
  expect(between('2026-03-31T09:30:00+02:00', '2026-03-31T09:00:00Z', 'hour')).toEqual([
    '2026-03-31T07:30:00.000Z 2026-03-31T08:00:00.000Z',
    '2026-03-31T08:00:00.000Z 2026-03-31T09:00:00.000Z',
  ]);
  expect(between('2026-02-28T12:00:00Z', '2026-03-02T00:00:00.001Z', 'day')).toEqual([
    '2026-02-28T12:00:00.000Z 2026-03-01T00:00:00.000Z',
    '2026-03-01T00:00:00.000Z 2026-03-02T00:00:00.000Z',
    '2026-03-02T00:00:00.000Z 2026-03-02T00:00:00.001Z',
  ]);
});

test('a week begins on Monday', () => {
  const weeks = between('2026-03-29T00:00:00Z', '2026-04-07T00:00:00Z', 'week');
  // 2026-03-30 is a Monday.
  expect(weeks.map((week) => week.slice(0, 10))).toEqual(['2026-03-29', '2026-03-30', '2026-04-06']);
});

test('more than 200 counts are refused, with how to ask for less', () => {
  expect(between('2026-01-01T00:00:00Z', '2026-01-09T08:00:00Z', 'hour')).toHaveLength(200);
  expect(() => between('2026-01-01T00:00:00Z', '2026-01-09T08:00:00.001Z', 'hour')).toThrow(/larger bucket/u);
  expect(() => between('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z', 'day', 101)).toThrow(/fewer/u);
  // Two hundred years of hours are refused before a list of them is made.
  expect(() => between('2000-01-01T00:00:00Z', '2199-12-31T00:00:00Z', 'hour')).toThrow(/1753152 hours/u);
});

test('rows are each action with each actor, once', () => {
  expect(rowsOf({ actions: ['a.', 'b.', 'a.'], actors: ['x', 'y'] })).toEqual([
    { action: 'a.', actor: 'x' },
    { action: 'a.', actor: 'y' },
    { action: 'b.', actor: 'x' },
    { action: 'b.', actor: 'y' },
  ]);
  expect(rowsOf({ actors: ['x'] })).toEqual([{ action: null, actor: 'x' }]);
});

test('when neither is said: all, and the first word of everything that Muster does', () => {
  const actions = rowsOf({}).map(({ action }) => action);
  expect(actions).toEqual([null, ...MUSTER_WORDS.map((word) => `${word}.`)]);
});
