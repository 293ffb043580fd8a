import { cloudLog, errorFields } from './log';

test('an error whose cause leads back to itself is logged all the same', () => {
  const error = new Error('the first');
  error.cause = new Error('the second', { cause: error });
  const lines: string[] = [];
  cloudLog((line) => lines.push(line)).error('it failed', errorFields(error));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('the second');
});
