import { folded } from './folded';

test('line breaks of others are shown, wherever they stand, and the rest is as it was', () => {
  const at = new Date();
  expect(
    folded({
      reason: 'one\n\n✓ Holds.\r\nthree',
      metadata: { 'a\nkey': ['x\u2028y', 7, null, true], at },
      whole: 'as it was, with\ta tab',
    }),
  ).toEqual({
    reason: 'one ↵ ✓ Holds. ↵ three',
    metadata: { 'a ↵ key': ['x ↵ y', 7, null, true], at },
    whole: 'as it was, with\ta tab',
  });
});
