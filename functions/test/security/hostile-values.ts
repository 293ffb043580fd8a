/** Values that no field of any request takes, and whole requests that no operation takes. */

const nested = (depth: number): unknown => {
  let inner: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) inner = level % 2 ? [inner] : { inner };
  return inner;
};

/** An own key `__proto__`, as JSON makes it; a literal would set the prototype. */
export const withProto = (fields: object = {}): object =>
  Object.defineProperty({ ...fields }, '__proto__', { value: { polluted: true }, enumerable: true });

export const TOO_LONG = 'x'.repeat(3 * 1024 * 1024);

/** For any field, whatever it takes. */
export const HOSTILE_VALUES: Record<string, unknown> = {
  null: null,
  'not a number': Number.NaN,
  'an infinite number': JSON.parse('1e999'),
  'a negative number': -1,
  'an unknown object': { nonsense: 1 },
  'a key __proto__': withProto(),
  'a key constructor': { constructor: { prototype: { polluted: true } } },
  'a function': () => 'called',
  'a deep nest': nested(20_000),
  'three megabytes': TOO_LONG,
  '5,000 elements': Array.from({ length: 5000 }, (_, index) => `u${index}`),
  NUL: 'a\u0000b',
  'a control character': 'a\u0007b',
  'half of a character': 'a\ud800b',
  'an empty text': '',
  'white space': ' \t\n',
};

/** For fields that name something: they become part of document paths. */
export const HOSTILE_IDS = [
  'a/b',
  '/',
  '..',
  '.',
  '../policy/current',
  '__name__',
  'drl_a/../b',
  'drl_ä',
  'a b',
  '%2e%2e',
  '`a`',
];

export const HOSTILE_LIMITS = [0, 201, 1.5, -1, 'abc', '10', Number.POSITIVE_INFINITY, true, null, [10]];

const cursorOf = (place: string) => Buffer.from(place).toString('base64url');
export const HOSTILE_CURSORS = [
  '',
  'not base64!',
  cursorOf('yesterday drl_aaaaaaaa'),
  cursorOf('2026-01-01T00:00:00.000Z a/b'),
  cursorOf('2026-01-01T00:00:00.000Z __name__'),
  cursorOf('+275760-09-13T00:00:00.000Z drl_aaaaaaaa'),
  cursorOf('0000-01-01T00:00:00.000Z drl_aaaaaaaa'),
  cursorOf('2026-13-45T00:00:00.000Z drl_aaaaaaaa'),
  cursorOf('2026-01-01T00:00:00.000Z drl_aaaaaaaa more'),
  cursorOf('{"at":{"$gt":0}}'),
];

/** In place of the whole request. An absent one (null) counts as an empty one, as the callable protocol sends it. */
export const HOSTILE_REQUESTS: Record<string, unknown> = {
  'an array': [],
  'an array of requests': [{}, {}],
  'a text': 'drl_aaaa',
  'a number': 7,
  'an infinite number': JSON.parse('1e999'),
  true: true,
  'a deep nest': nested(20_000),
  '5,000 elements': Array.from({ length: 5000 }, () => ({})),
};

/** Beside a request that is good otherwise; each is named in the refusal. */
export const HOSTILE_KEYS = [
  'unheardOf',
  'constructor',
  'toString',
  '__proto__',
  '@type',
  'prototype',
  'uid ',
  '\u0000',
  'a.b',
  '$where',
];
