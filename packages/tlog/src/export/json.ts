/** JSON that somebody else wrote. */
import { ExportProblem } from './problem';

/**
 * What an entry holds is at most 20 levels deep, which is what Firestore stores, and a few more stand around it in each format.
 * Deeper text is nobody's entry, and would end the program that walks through it.
 */
const DEEPEST = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENS: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSES: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The value of a JSON text. Throws SyntaxError for what is none, ExportProblem for what is nested deeper than any entry. */
export const parseJson = (text: string): unknown => {
  if (isTooDeep(text))
    throw new ExportProblem('LINE_DAMAGED', `Values are nested more than ${DEEPEST} levels deep, which no entry is.`);
  return JSON.parse(text) as unknown;
};

/** Counted in the text, before anything is made of it. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (OPENS.has(code)) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (CLOSES.has(code)) depth -= 1;
  }
  return false;
};
