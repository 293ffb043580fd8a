import { operations } from '@muster/contract';
import { FIELD_NAMES } from './program';

test('every field that a request can have is named as it is typed', () => {
  const fields = Object.values(operations).flatMap(({ request }) => Object.keys(request.shape));
  const nested = ['roles', 'attendance', 'checks'];
  const unnamed = new Set(fields.filter((field) => !(field in FIELD_NAMES) && !nested.includes(field)));
  expect([...unnamed]).toEqual([]);
});
