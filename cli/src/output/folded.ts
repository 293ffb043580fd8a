/**
 * The same value with every line break in its texts shown as ` ↵ `. What others wrote (a reason, metadata, an answer of whatever stands in
 * front of the backend) stays in its line on a page, and cannot look like lines of the program.
 */
export const folded = <Value>(value: Value): Value => foldedIn(value) as Value;

const BREAKS = /\s*(?:\r\n|[\n\r\v\f\u0085\u2028\u2029])\s*/gu;

const foldedIn = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(BREAKS, ' ↵ ');
  if (Array.isArray(value)) return value.map(foldedIn);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replace(BREAKS, ' ↵ '), foldedIn(inner)]),
  );
};
