/** The words of a closed list, as help tells them: `P0, P1, P2 or P3`. */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** Typed with dashes, kept with underscores: `read-only` is `read_only`. */
export const dashed = (words: readonly string[]): string[] => words.map((word) => word.replaceAll('_', '-'));
