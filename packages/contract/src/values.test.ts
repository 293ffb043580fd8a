import type { z } from 'zod';
import * as v from './values';

const problems = (schema: z.ZodType, value: unknown): number => schema.safeParse(value).error?.issues.length ?? 0;

describe('a time', () => {
  test.each(['2026-03-31T09:00:00Z', '2026-03-31T09:00:00.123Z', '2026-03-31T11:00:00+02:00', '2000-01-01T00:00:00Z'])(
    'may be %s',
    (text) => expect(problems(v.instant, text)).toBe(0),
  );
  test.each([
    'now',
    '2026-03-31',
    '2026-03-31T09:00:00',
    '2026-02-30T09:00:00Z',
    '1999-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    1_777_000_000,
    null,
  ])('is refused as %j, with one problem', (value) => expect(problems(v.instant, value)).toBe(1));
});

describe('an id', () => {
  test.each<[string, z.ZodType, unknown[]]>([
    ['of a drill', v.drillId, ['drl_a/b', 'drl_', 'evt_abcdef', 'drl_ABCDEF', `drl_${'a'.repeat(65)}`, 'drl_abcd\n']],
    ['of a scenario', v.scenarioId, ['', '.', '..', '-a', 'a/b', 'a b', 'a'.repeat(101), 'ä', 'a\n']],
    ['of a user', v.uid, ['', '.', '..', '__a__', 'a/b', 'a b', 'a\n', 'a'.repeat(129)]],
    ['of a request', v.requestId, ['', 'a b', 'a/b', 'a'.repeat(129), 'a\n']],
  ])('%s refuses what could be another path', (_, schema, values) => {
    expect(values.filter((value) => problems(schema, value) === 0)).toEqual([]);
  });
});

describe('a text', () => {
  test('is trimmed before it is measured', () => {
    expect(v.text(3).parse('  abc \n')).toBe('abc');
    expect(problems(v.text(3), ' \t ')).toBe(1);
    expect(problems(v.text(3), 'abcd')).toBe(1);
  });

  test('has line breaks and tabs, and no other control characters', () => {
    expect(v.text(10).parse('a\tb\r\nc')).toBe('a\tb\r\nc');
    expect(['a\u0000', 'a\u001b[31m', 'a\u007f'].map((value) => problems(v.text(10), value))).toEqual([1, 1, 1]);
  });
});

test('a limit is 50 unless given, and from 1 to 200', () => {
  expect(v.limit.parse(undefined)).toBe(50);
  expect([1, 200].map((value) => problems(v.limit, value))).toEqual([0, 0]);
  expect([0, 201, 1.5, '5', null, Number.POSITIVE_INFINITY].filter((value) => problems(v.limit, value) === 0)).toEqual(
    [],
  );
});
