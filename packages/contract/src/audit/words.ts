/** What lets a rationale be found by its words: the database knows no search in texts, only what is in a list. */

/** A word that is looked for has so many characters; what a longer word of a rationale begins with is found by its first ones. */
export const SHORTEST_WORD = 2;
export const LONGEST_WORD = 20;

/** Letters and digits, with the signs that many scripts put on them. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Whether it is one word that a rationale can be asked for. */
export const isWord = (text: string): boolean => /^[\p{L}\p{N}\p{M}]{2,}$/u.test(normalWord(text));

/** As it stands among the beginnings of a rationale's words. */
export const wordToFind = (text: string): string => Array.from(normalWord(text)).slice(0, LONGEST_WORD).join('');

/** One way to write the letters: compatibility forms, and case, make no difference. */
export const normalWord = (text: string): string => text.normalize('NFKC').toLowerCase();

/** So many of them for each entry, the first in the text: each is an index entry that a commit waits for. */
export const MOST_WORDS = 200;

/** Every beginning, from two to twenty characters, of every word in a text, each once, as far as there is room for whole words. */
export const wordsOf = (text: string | null): string[] => {
  const found = new Set<string>();
  for (const [word] of normalWord(text ?? '').matchAll(WORD)) {
    const letters = Array.from(word).slice(0, LONGEST_WORD);
    const beginnings = letters
      .slice(SHORTEST_WORD - 1)
      .map((_, index) => letters.slice(0, index + SHORTEST_WORD).join(''));
    if (found.size + beginnings.filter((one) => !found.has(one)).length > MOST_WORDS) break;
    for (const one of beginnings) found.add(one);
  }
  return [...found];
};

/** `a`, `ab`, `abc`, … up to the whole action: what lets it be found by any beginning. */
export const prefixesOf = (action: string): string[] =>
  Array.from({ length: action.length }, (_, index) => action.slice(0, index + 1));
