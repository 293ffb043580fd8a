import { isSecretHeader, markByName } from './names';
import { EMAIL_MESSAGES } from './email';
import { WHOLE_KEYS } from './private-keys';
import type { Shape } from './shape';
import { SHAPES } from './shapes';

/**
 * The one door through which texts reach audit entries and logs (law 10): no secret, no personal data and no e-mail
 * passes it. What was taken out is marked with its kind, so that a reader sees that something stood there.
 * In doubt it takes out too much.
 */

/** Takes secrets and personal data out of a text; `[redacted:KIND]` stands where they stood. */
export const redactText = (text: string): string =>
  without(SHAPES, text.includes('%') ? withoutEncodedRuns(text) : text);

const without = (shapes: readonly Shape[], text: string): string =>
  shapes.reduce((rest, { kind, shape }) => rest.replace(shape, `[redacted:${kind}]`), text);

/** What has many lines goes first: one of its words, taken out alone, would leave the rest unknown. */
const withoutEncodedRuns = (text: string): string =>
  without([...WHOLE_KEYS, ...EMAIL_MESSAGES], text).replace(ENCODED, withoutEncoded);

/** A value in an address, where a secret has other characters between its parts than those that it is known by. */
const ENCODED = /[^\s"'<>&?#=]+/gu;

/** A form writes `+` for a space, but it may be a part of a secret too: where both readings tell, nothing is kept. */
const withoutEncoded = (run: string): string => {
  if (!/%[0-9a-f]{2}/iu.test(run)) return run;
  const spaced = run.replaceAll('+', ' ');
  const asForm = redactedOf(spaced);
  const asIs = redactedOf(run);
  if (asForm === null || asIs?.replaceAll('+', ' ') === asForm) return asIs ?? run;
  return asIs === null ? asForm : '[redacted:encoded]';
};

const redactedOf = (run: string): string | null => {
  const decoded = decodedDeep(run);
  const redacted = without(SHAPES, decoded);
  return redacted === decoded ? null : redacted;
};

/** An address in an address in an address is encoded as often. */
const MOST_ENCODED = 3;

const decodedDeep = (run: string, times = MOST_ENCODED): string => {
  const decoded = decodedOf(run);
  return decoded === run || times === 1 ? decoded : decodedDeep(decoded, times - 1);
};

const decodedOf = (run: string): string => {
  if (!/%[0-9a-f]{2}/iu.test(run)) return run;
  try {
    return decodeURIComponent(run);
  } catch {
    // Cut off in the middle of a character, or not UTF-8: what is ASCII in it can be read all the same.
    return run.replace(/%[0-7][0-9a-f]/giu, (code) => String.fromCodePoint(Number.parseInt(code.slice(1), 16)));
  }
};

/**
 * The same for anything that is written as JSON: texts, names, and whatever stands under a name that says that it
 * is secret. Whether there is one, and how many, is no secret: booleans, numbers and null stay.
 */
export const redact = (value: unknown, name = ''): unknown => {
  if (value === null || (typeof value !== 'string' && typeof value !== 'object') || value instanceof Date) return value;
  const mark = markByName(name, value);
  if (mark !== null) return mark;
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return redactedList(value);
  const namedBy = nameWithin(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      redactText(key),
      redact(inner, key === 'value' && namedBy !== null ? namedBy : key),
    ]),
  );
};

/** The texts of a list are read as one when a key was cut into its lines; a header's value may follow its name. */
const redactedList = (list: readonly unknown[]): unknown[] => {
  let withinKey = false;
  return list.map((inner, index) => {
    if (typeof inner !== 'string') return redact(inner);
    if (isSecretHeader(list[index - 1])) return '[redacted:by-name]';
    const wasWithin = withinKey;
    if (KEY_BEGINS.test(inner)) withinKey = true;
    if (KEY_ENDS.test(inner)) withinKey = false;
    return wasWithin ? '[redacted:private-key]' : redactText(inner);
  });
};

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-/u;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY|Private-MAC:/u;

/** `{ name: 'Authorization', value: … }`, as archives of requests and forms have it. */
const nameWithin = (value: object): string | null => {
  const said = new Map(Object.entries(value));
  const name: unknown = said.get('name') ?? said.get('key') ?? said.get('header');
  return typeof name === 'string' && markByName(name, said.get('value')) !== null ? name : null;
};
