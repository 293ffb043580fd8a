import { fromRestValue, toRestFields, toRestValue, type RestValue } from './rest-values';

test.each([
  [null, { nullValue: null }],
  [true, { booleanValue: true }],
  [42, { integerValue: '42' }],
  [-0, { doubleValue: -0 }],
  [0.5, { doubleValue: 0.5 }],
  [2 ** 53, { doubleValue: 2 ** 53 }],
  [Number.NaN, { doubleValue: 'NaN' }],
  [Number.NEGATIVE_INFINITY, { doubleValue: '-Infinity' }],
  ['text', { stringValue: 'text' }],
  [new Date(0), { timestampValue: '1970-01-01T00:00:00.000Z' }],
  [[1, 'a'], { arrayValue: { values: [{ integerValue: '1' }, { stringValue: 'a' }] } }],
  [{ a: { b: null } }, { mapValue: { fields: { a: { mapValue: { fields: { b: { nullValue: null } } } } } } }],
])('%j', (value, expected) => {
  expect(toRestValue(value)).toEqual(expected);
  expect(fromRestValue(toRestValue(value))).toEqual(value);
});

test('empty lists and maps come back, though the wire leaves out their content', () => {
  expect(fromRestValue({ arrayValue: {} })).toEqual([]);
  expect(fromRestValue({ mapValue: {} })).toEqual({});
});

test('a stored value of a kind that nobody knows yet is refused, not guessed', () => {
  expect(() => fromRestValue({ vectorValue: 'AAAA' } as unknown as RestValue)).toThrow(/vectorValue/u);
});

test('a field that is undefined is left out; one in a list is refused, because the list would shift', () => {
  expect(toRestFields({ a: undefined, b: 1 })).toEqual({ b: { integerValue: '1' } });
  expect(() => toRestValue([undefined])).toThrow(TypeError);
});

test.each([() => 1, Symbol('s'), new Map(), new URL('https://example.com')])('%p cannot be stored', (value) => {
  expect(() => toRestValue(value)).toThrow(TypeError);
});
