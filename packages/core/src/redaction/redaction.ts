import { isSecretHeader, markByName, nameWithin, saysValue } from './names';
import { CARD_NUMBERS } from './checked-numbers';
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
  shapes.reduce(
    (rest, one) => (one.holds ? withoutChecked(one, one.holds, rest) : rest.replace(one.shape, markOf(one.kind))),
    text,
  );

const markOf = (kind: string): string => `[redacted:${kind}]`;

/** What was found and is none may have one within it: it is looked for again from the next character on. */
const withoutChecked = ({ kind, shape }: Shape, holds: (found: string) => number, text: string): string => {
  const search = new RegExp(shape);
  let [kept, from] = ['', 0];
  for (let found = search.exec(text); found; found = search.exec(text)) {
    const length = holds(found[0]);
    search.lastIndex = found.index + Math.max(length, 1);
    if (length === 0) continue;
    kept += text.slice(from, found.index) + markOf(kind);
    from = search.lastIndex;
  }
  return kept + text.slice(from);
};

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
 * The same for anything that is written as JSON: texts, names, and whatever stands under a name that says that it is secret.
 * Whether there is one, and how many, is no secret: booleans and null stay, and numbers, but under the name of one secret and
 * where the number is one of a card.
 */
export const redact = (value: unknown, name = ''): unknown => {
  if (value instanceof Date) return value;
  const mark = markByName(name, value);
  if (mark !== null) return mark;
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? redactedNumber(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return redactedList(value);
  const fields = Object.entries(value);
  const namedBy = nameWithin(fields);
  const taken = new Set<string>();
  return Object.fromEntries(
    fields.map(([key, inner]) => [
      notTaken(redactText(key), taken),
      redact(inner, namedBy !== null && saysValue(key) ? namedBy : key),
    ]),
  );
};

const redactedNumber = (value: number): unknown => {
  const text = String(value);
  return CARD_NUMBERS.every((card) => without([card], text) === text) ? value : markOf('card-number');
};

/** Two names of which the same is left are numbered, so that what stands under each is kept. */
const notTaken = (name: string, taken: Set<string>): string => {
  let numbered = name;
  for (let number = 2; taken.has(numbered); number += 1) numbered = `${name} (${number})`;
  taken.add(numbered);
  return numbered;
};

/** The texts of a list are read as one when a key was cut into its lines; a header's value may follow its name. */
const redactedList = (list: readonly unknown[]): unknown[] => {
  let withinKey = false;
  return list.map((inner, index) => {
    if (Array.isArray(inner)) return redactedPair(inner) ?? redact(inner);
    if (typeof inner !== 'string') return redact(inner);
    if (isSecretHeader(list[index - 1])) return '[redacted:by-name]';
    const wasWithin = withinKey;
    if (KEY_BEGINS.test(inner)) withinKey = true;
    if (KEY_ENDS.test(inner)) withinKey = false;
    return wasWithin ? '[redacted:private-key]' : redactText(inner);
  });
};

/** A name and its value, as a map or a form is written when it is a list of them. */
const redactedPair = (inner: readonly unknown[]): unknown => {
  const [name, value] = inner;
  if (inner.length !== 2 || typeof name !== 'string') return undefined;
  const mark = markByName(name, value);
  return mark === null ? undefined : [redactText(name), mark];
};

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-/u;
const KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY|Private-MAC:/u;
