import { proofSize } from './proof-size';

test('a proof runs as large as is asked for: smaller in npm test, never larger than the whole', () => {
  const expected = process.env['MUSTER_PROVE'] === 'whole' ? 2_000 : 200;
  expect(proofSize({ test: 200, whole: 2_000 })).toBe(expected);
  expect(() => proofSize({ test: 300, whole: 200 })).toThrow('part of the whole');
  expect(() => proofSize({ test: 0, whole: 200 })).toThrow('part of the whole');
});
