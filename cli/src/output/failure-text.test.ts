import { Failure } from '../failure';
import { failureJson, failureText } from './failure-text';
import { PLAIN } from './ink';

const failure = new Failure('INVALID_ARGUMENT', 'The request is not valid: dueAt: a time.', {
  reason: 'BAD_INPUT',
  fields: [{ field: 'dueAt', problem: 'a time' }],
  next: 'List them (drills-list).',
  correlationId: 'req_1',
});

test('people read a sentence, what they typed, and a command', () => {
  expect(failureText(failure, PLAIN, 100, { dueAt: '--due' })).toBe(
    [
      'muster: The input is not valid; nothing was changed.',
      '  --due: a time',
      '  Next: List them (muster drill list).',
    ].join('\n'),
  );
});

test('an unexpected failure carries the id to look for in the logs', () => {
  const defect = new Failure('INTERNAL', 'Something failed.', { reason: 'UNEXPECTED', correlationId: 'req_2' });
  expect(failureText(defect, PLAIN, 100)).toContain('Correlation id: req_2');
});

test('programs read all of it in the words of the contract, with the exit code', () => {
  expect(JSON.parse(failureJson(failure))).toEqual({
    error: { code: 'INVALID_ARGUMENT', message: failure.message, exitCode: 2, details: failure.details },
  });
});
