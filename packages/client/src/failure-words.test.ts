import { Failure } from './failure';
import { failureWords } from './failure-words';

const asItIs = (field: string) => field;

test('bad input is said by field, under the name that it was given by, and not twice', () => {
  const failure = new Failure('INVALID_ARGUMENT', 'The request is not valid: dueAt: a time.', {
    ...{ reason: 'BAD_INPUT', fields: [{ field: 'dueAt', problem: 'a time' }], correlationId: 'req_1' },
  });
  expect(failureWords(failure, (field) => (field === 'dueAt' ? 'Due' : field))).toEqual({
    ...{ sentence: 'The input is not valid; nothing was changed.', fields: [{ field: 'Due', problem: 'a time' }] },
    ...{ next: undefined, activation: undefined, correlationId: undefined, notContained: undefined },
  });
});

test('the id to look for in the logs is said of a defect alone', () => {
  const details = { reason: 'UNEXPECTED', correlationId: 'req_2' } as const;
  expect(failureWords(new Failure('INTERNAL', 'Failed.', details), asItIs).correlationId).toBe('req_2');
  expect(failureWords(new Failure('NOT_FOUND', 'None.', details), asItIs).correlationId).toBeUndefined();
});

test('what goes on although it was to be stopped is set apart, with its steps', () => {
  const failure = new Failure('INTERNAL', 'It could not be stored.', {
    ...{ reason: 'CONTAINMENT_INCOMPLETE', steps: ['Scale it to zero.'] },
  });
  expect(failureWords(failure, asItIs).notContained).toEqual({ severity: 'P0', steps: ['Scale it to zero.'] });
});
