/** How much work a regular expression is, counted by V8 and not by a clock: in times that it goes back to try another way. */
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');

/** V8's own constructor of an expression that gives up, as if nothing was found, after so many steps back. */
const withLimit = runInThisContext('(source, flags, most) => %NewRegExpWithBacktrackLimit(source, flags, most)') as (
  source: string,
  flags: string,
  most: number,
) => RegExp;

/**
 * Whether everything that the expression finds in the text is found, and the end of the text reached, within so many steps back
 * for each character of it. An end that is always found tells nothing found from given up.
 */
export const endsWithin = (shape: RegExp, text: string, each: number): boolean => {
  const counted = withLimit(`(?:${shape.source})|$(?![^])`, shape.flags.replace('m', ''), each * (text.length + 1));
  // Optimized, V8 counts the steps from each place in the text anew, or not, as it happened to be compiled.
  setFlagsFromString('--no-regexp-optimization');
  try {
    for (let found = counted.exec(text); found; found = counted.exec(text)) {
      if (found.index + found[0].length >= text.length) return true;
      if (found[0] === '') counted.lastIndex += 1;
    }
    return false;
  } finally {
    setFlagsFromString('--regexp-optimization');
  }
};
