import { fromCursor, toCursor } from './cursor';

test('a cursor leads back to its place', () => {
  const at = new Date('2026-03-31T09:00:00.123Z');
  expect(fromCursor(toCursor(at, 'aud_abc'))).toEqual({ at, id: 'aud_abc' });
});

test.each([
  '',
  'AAAA',
  Buffer.from('2026-03-31T09:00:00Z a/b').toString('base64url'),
  Buffer.from('never x').toString('base64url'),
])('a forged cursor (%j) is refused by name', (cursor) => {
  expect(() => fromCursor(cursor)).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({ fields: [expect.objectContaining({ field: 'cursor' })] }),
    }),
  );
});
