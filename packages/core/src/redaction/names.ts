/**
 * The names that say what stands under them: of a password in a text, of a field whose value is never kept. A name may
 * be written with `_`, `-`, a space or none between its words.
 */
export const SECRET_WORD =
  'passwords?|passwd|client[ _-]?secret|passphrase|passcode|passwort|kennwort|contraseña|mot[ _-]de[ _-]passe|pwd|secrets?|' +
  'secret[ _-]?keys?|api[ _-]?keys?|account[ _-]?key|private[ _-]?key|(?:secret[ _-]?)?access[ _-]?key(?:[ _-]?id)?|' +
  '(?:access|refresh|id|auth|session|security|csrf|xsrf|bearer)[ _-]?token|' +
  'session[_-]?id|jsessionid|phpsessid|connect\\.sid|__session|(?<=[_-])pass';

/** What a name may say after the word that makes it secret, and stay secret. */
const SAID_AFTER = '(?:[_-]?(?:value|hash|text|header|string|plain|raw|[0-9]{1,4}))?';

const SECRET_NAME = new RegExp(
  `(?:${SECRET_WORD}|tokens?|cookies?|authorization|credentials?)(?:${SAID_AFTER})$`,
  'iu',
);

/** Short for a password, as a word of its own: others end so too (`bypass`, `compass`). */
const PASS_NAME = /(?:^|[ _.-])(?:pass|pw)$|[a-z0-9](?:Pass|PASS|Pw|PW)$|^(?:Pass|PASS|Pw|PW)$|[_-](?:PASS|PW)$/u;

/** A number under such a name is how many there are; under another one it is the secret. */
const COUNT_NAME = /s(?:[_-]?(?:value|hash|text|header|string|plain|raw|[0-9]{1,4}))?$/iu;

/** Under `pass`, what is smaller is how many tests do. */
const LEAST_PASS = 1000;

const EMAIL_BODY_NAMES: readonly RegExp[] = [
  /^(?:[\w -]{0,40}(?:mail|message|text|html|plain|rich|raw|mime)[_ -]?)?(?:body|html)(?:[_ -]?(?:text|html|plain|raw|content))?$/iu,
  /mail[_ -]?(?:content|text|message|source|payload|raw)s?$/iu,
  /^(?:contents?|text|body)[_ -]?of[_ -]?(?:the[_ -]?)?(?:e[_ -]?)?mails?$/iu,
  /^(?:(?:raw|mime)[_ -]?(?:(?:e[_ -]?)?mail|message)|text\/(?:html|plain)|message\/rfc822|rfc822|eml)$/iu,
];

/** Headers whose value follows them in a list, as Node keeps the raw headers of a request. */
const SECRET_HEADER = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-goog-api-key|x-amz-security-token)$/iu;

/**
 * What stands for a value under such a name (`accessToken`, `db_password`, `emailBody`), whatever it looks like. A body
 * that is an object has names of its own to be judged by. Whether there is one is no secret: booleans and null stay.
 */
export const markByName = (name: string, value: unknown): string | null => {
  if (value === null || value === undefined || typeof value === 'boolean') return null;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (SECRET_NAME.test(name)) return isNumber && COUNT_NAME.test(name) ? null : BY_NAME;
  if (PASS_NAME.test(name)) return isNumber && value < LEAST_PASS ? null : BY_NAME;
  if (typeof value !== 'string' && !Array.isArray(value)) return null;
  return EMAIL_BODY_NAMES.some((shape) => shape.test(name)) ? '[redacted:email-body]' : null;
};

const BY_NAME = '[redacted:by-name]';

/** Whether what comes next in a list is the value of a secret header. */
export const isSecretHeader = (value: unknown): boolean => typeof value === 'string' && SECRET_HEADER.test(value);

/** `{ name: 'Authorization', value: … }`, `{ Key: 'password', Value: … }`: what says a name, and what is said under it. */
const SAYS_NAME = /^(?:parameter|field|header|variable|env|secret)?[_-]?(?:name|key|header|field|label|id)$/iu;
const SAYS_VALUE =
  /^(?:parameter|field|header|variable|env|secret)?[_-]?(?:value|values|val|content|data|string|text)$/iu;

/** The name that an object gives to what stands in it under another one; null when it gives none that makes it secret. */
export const nameWithin = (fields: readonly (readonly [string, unknown])[]): string | null => {
  const names = fields.flatMap(([key, said]) => (typeof said === 'string' && SAYS_NAME.test(key) ? [said] : []));
  return names.find((name) => markByName(name, 'any') === BY_NAME) ?? null;
};

export const saysValue = (key: string): boolean => SAYS_VALUE.test(key);
