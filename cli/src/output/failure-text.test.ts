import { Failure } from '@muster/client/failure';
import { exitCodeOf } from '../exit-codes';
import { failureJson, failureText } from './failure-text';
import { PLAIN } from './ink';

const failure = new Failure('INVALID_ARGUMENT', 'The request is not valid: dueAt: a time.', {
  reason: 'BAD_INPUT',
  fields: [{ field: 'dueAt', problem: 'a time' }],
  next: 'List them (drills-list).',
  correlationId: 'req_1',
});

test('people read a sentence, what they typed, and a command', () => {
  expect(failureText(failure, PLAIN, 100, () => '--due')).toBe(
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

test('what could not be stopped is said first, with severity and numbered steps, and is 7 whatever its code', () => {
  const p0 = new Failure('INTERNAL', 'It could not be stored.', {
    ...{ reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0', steps: ['Scale it to zero.', 'Take its tokens.'] },
    next: 'Repeat it (policy-kill).',
  });
  expect(failureText(p0, PLAIN, 100).split('\n')).toEqual([
    'NOT CONTAINED  severity P0: take it that what you wanted to stop goes on.',
    '  It could not be stored.',
    '',
    '  What to do by hand, now:',
    '   1.  Scale it to zero.',
    '   2.  Take its tokens.',
    '  Next: Repeat it (muster policy kill).',
  ]);
  expect(exitCodeOf(p0)).toBe(7);
});

test('a refusal names the activation that refused, and where it is listed', () => {
  const blocked = new Failure('RESTRICTED', 'shipping is killed.', {
    ...{ reason: 'BLOCKED_BY_KILL_SWITCH', activation: 'act_0001', next: 'Ask staff to restore it (policy-restore).' },
  });
  expect(failureText(blocked, PLAIN, 100).split('\n')).toEqual([
    'muster: shipping is killed.',
    '  Next: Ask staff to restore it (muster policy restore).',
    '  Refused by act_0001: muster policy ledger',
  ]);
});
