/** The colors of `ink`, or what a terminal obeys rather than shows: controls but line breaks and tabs, and marks of direction. */
const OBEYED =
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  /(?<color>\u001b\[(?:1|2|9|22|29|31|32|33|39)m)|[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, in which words that others wrote (a reason, an answer of whatever stands in front of the backend) can
 * only be read: no carriage return that writes over what stands there, no escape sequence, no right-to-left override. What is
 * taken out is shown, as `␍` or `<U+202E>`. For pages alone: what programs read comes as it was sent.
 */
export const legible = (text: string): string =>
  text.replace(OBEYED, (found) => (found.endsWith('m') ? found : shown(found)));

/** The Unicode block Control Pictures has one for each of the first 32. */
const shown = (control: string): string => {
  const code = control.codePointAt(0) ?? 0;
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};
