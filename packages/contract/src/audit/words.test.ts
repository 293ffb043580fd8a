import { MOST_WORDS, wordsOf } from './words';

test('a rationale is found by the beginnings of its words', () => {
  expect(wordsOf('The Fix')).toEqual(['th', 'the', 'fi', 'fix']);
  expect(wordsOf(null)).toEqual([]);
});

test('an entry has at most 200 of them, of whole words, from the beginning of the text', () => {
  const text = Array.from({ length: 300 }, (_, index) => `w${String(index).padStart(4, '0')}`).join(' ');
  const words = wordsOf(text);
  expect(words.length).toBeLessThanOrEqual(MOST_WORDS);
  expect(words).toContain('w0000');
  expect(words.at(-1)).toMatch(/^w\d{4}$/u);
});
