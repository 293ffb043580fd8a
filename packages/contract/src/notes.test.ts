import { MOST_NOTES, noteId, noteNumberOf } from './notes';

test.each([
  ['ada', 0, 'ada_000'],
  ['ada', 42, 'ada_042'],
  ['a_b', MOST_NOTES - 1, 'a_b_499'],
])('of %s the note number %d is %s, and back', (author, number, id) => {
  expect(noteId(author, number)).toBe(id);
  expect(noteNumberOf(id, author)).toBe(number);
});

test.each(['ada_500', 'ada_00', 'ada_0000', 'ada_0x0', 'bob_000', 'ada000', 'Zx9qLm2', 'ada_b_000', ''])(
  '%s is no note of ada’s that is numbered',
  (id) => {
    expect(noteNumberOf(id, 'ada')).toBeNull();
  },
);
