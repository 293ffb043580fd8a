import { printed } from './ink';

/** What a terminal obeys rather than shows: controls but line breaks and tabs, and marks of direction. */
const OBEYED = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, in which words that others wrote (a reason, an answer of whatever stands in front of the backend) can
 * only be read: no carriage return that writes over what stands there, no escape sequence, no color but those of the page itself, no
 * right-to-left override. What is taken out is shown, as `␍` or `<U+202E>`.
 */
export const legible = (page: string): string => printed(page, (text) => text.replace(OBEYED, shown));

/**
 * The same for programs: JSON in which those characters are escapes, so that it is the same value, and harmless on a terminal where
 * somebody looks at it.
 */
export const legibleJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(OBEYED, escapedInJson);

const escapedInJson = (found: string): string => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The Unicode block Control Pictures has one for each of the first 32. */
const shown = (control: string): string => {
  const code = control.codePointAt(0) ?? 0;
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};
