import { addressOf } from './caller-address';

const from = (forwarded: string | undefined, remoteAddress?: string) =>
  addressOf({ header: (name) => (name === 'x-forwarded-for' ? forwarded : undefined), socket: { remoteAddress } });

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['10.0.0.1, 198.51.100.7', '198.51.100.7'],
  // Whoever calls may write what it likes before the comma.
  ['"); drop, 127.0.0.1,198.51.100.7', '198.51.100.7'],
  ['2001:DB8::7', '2001:db8::7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['not an address', undefined],
  ['198.51.100.7:4711', undefined],
])('of %j it is %j', (forwarded, expected) => {
  expect(from(forwarded, '127.0.0.1')).toBe(expected);
});

test('without a front end it is the other end of the connection', () => {
  expect(from(undefined, '::ffff:127.0.0.1')).toBe('127.0.0.1');
  expect(from('', '127.0.0.1')).toBe('127.0.0.1');
  expect(from(undefined)).toBeUndefined();
});
