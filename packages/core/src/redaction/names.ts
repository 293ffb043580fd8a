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
 * that is an object has names of its own to be judged by.
 */
export const markByName = (name: string, value: unknown): string | null => {
  if (SECRET_NAME.test(name)) return '[redacted:by-name]';
  if (typeof value !== 'string' && !Array.isArray(value)) return null;
  return EMAIL_BODY_NAMES.some((shape) => shape.test(name)) ? '[redacted:email-body]' : null;
};

/** Whether what comes next in a list is the value of a secret header. */
export const isSecretHeader = (value: unknown): boolean => typeof value === 'string' && SECRET_HEADER.test(value);
