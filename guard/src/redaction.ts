/**
 * The one door through which texts reach audit entries and logs (law 10): no secret and no personal data
 * passes it. What was taken out is marked with its kind, so that a reader sees that something stood there.
 *
 * Shapes are those that the issuers publish; each has a test with a real shape. In doubt it takes out too much.
 * All of them run in linear time, whatever the text: a run of characters is entered only at its beginning (the
 * lookbehinds), or is bounded, or ends in a match. The order matters: a narrower shape comes before a wider one.
 */
const SECRET_WORD =
  'passwords?|passwd|passphrase|pwd|secrets?|client[_-]?secret|api[_-]?key|account[_-]?key|private[_-]?key|' +
  '(?:secret[_-]?)?access[_-]?key(?:[_-]?id)?|(?:access|refresh|id|auth|session|security|csrf|bearer)[_-]?token|' +
  'session[_-]?id|jsessionid|phpsessid|connect\\.sid|__session';

const SHAPES: readonly { kind: string; shape: RegExp }[] = [
  {
    kind: 'private-key',
    shape:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/gu,
  },
  // Cut off after the payload it still tells whose it is; encrypted ones have five parts.
  { kind: 'jwt', shape: /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{5,2000}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,3}/gu },
  { kind: 'google-api-key', shape: /(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}/gu },
  { kind: 'google-oauth-token', shape: /(?<![A-Za-z0-9])(?:ya29\.|1\/\/0|AMf-v)[0-9A-Za-z_-]{20,}/gu },
  { kind: 'google-oauth-secret', shape: /(?<![A-Za-z0-9])GOCSPX-[0-9A-Za-z_-]{20,}/gu },
  { kind: 'github-token', shape: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/gu },
  { kind: 'gitlab-token', shape: /(?<![A-Za-z0-9])gl(?:pat|ptt|dt|rt|oas)-[A-Za-z0-9_-]{20,}/gu },
  { kind: 'slack-token', shape: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}/gu },
  { kind: 'slack-webhook', shape: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]+/gu },
  { kind: 'aws-access-key', shape: /(?<![A-Za-z0-9])(?:AKIA|ASIA|AGPA|AIDA|AROA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Z])/gu },
  { kind: 'stripe-key', shape: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z+/=]{16,}/gu },
  { kind: 'npm-token', shape: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/gu },
  { kind: 'sendgrid-key', shape: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/gu },
  {
    kind: 'api-key',
    shape: /(?<![A-Za-z0-9_-])sk-(?:ant-|proj-|svcacct-)?(?=[a-z-]{0,40}[A-Z0-9])[A-Za-z0-9_-]{20,}/gu,
  },
  { kind: 'credentials-in-url', shape: /(?<![a-z0-9])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]*:[^\s/]+@/giu },
  { kind: 'cookie', shape: /(?<![a-z0-9])(?:set-)?cookie\\{0,4}["']?\s*[:=]\s*[^\r\n]+/giu },
  {
    kind: 'authorization',
    shape:
      /(?<![a-z0-9])(?:proxy-)?authorization\\{0,4}["']?\s*[:=]\s*\\{0,4}["']?[^\s,;"'\\]+(?:[ \t]+[^\s,;"'\\]+)?/giu,
  },
  // English has basic facts and bearers of news: what follows must look made by a machine.
  {
    kind: 'authorization',
    shape:
      /(?<![A-Za-z0-9])(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+(?=[A-Za-z._~+/-]{0,200}?(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}/gu,
  },
  // A word before it (DB_PASSWORD, dbPassword) is part of the name; a quote may be escaped, or cut off at the end.
  {
    kind: 'password',
    shape: new RegExp(
      `(?:${SECRET_WORD})\\\\{0,4}["']?\\s*(?::|=>?)\\s*` +
        `(?:\\\\+"[^"\\r\\n]*"?|"(?:[^"\\\\\\r\\n]|\\\\.)*"?|'(?:[^'\\\\\\r\\n]|\\\\.)*'?|[^\\s,;"']+)`,
      'giu',
    ),
  },
  { kind: 'password', shape: new RegExp(`--(?:[a-z]{1,20}-){0,3}(?:${SECRET_WORD}|token)[ \\t]+[^\\s-]\\S*`, 'giu') },
  { kind: 'token', shape: /(?<![a-z0-9])token\\{0,4}["']?\s*[:=]\s*\\{0,4}["']?[A-Za-z0-9._~+/=-]{16,}/giu },
  {
    kind: 'email',
    shape:
      /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:xn--[a-z0-9-]+|\p{L}{2,})/gu,
  },
  { kind: 'ip-address', shape: /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/gu },
  // Eight groups, or fewer with `::` among them; a time such as 12:30:45 is neither.
  {
    kind: 'ip-address',
    shape:
      /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})(?![\w:])/giu,
  },
  {
    kind: 'phone',
    shape: /(?<![\w+])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?![\w:])/gu,
  },
];

/** Takes secrets and personal data out of a text; `[redacted:KIND]` stands where they stood. */
export const redactText = (text: string): string =>
  SHAPES.reduce((rest, { kind, shape }) => rest.replace(shape, `[redacted:${kind}]`), text);

/** A value under such a name (`accessToken`, `db_password`) is a secret whatever it looks like. */
const SECRET_NAME = new RegExp(`(?:${SECRET_WORD}|tokens?|cookies?|authorization|credentials?)$`, 'iu');

/**
 * The same for anything that is written as JSON: texts, names, and whatever stands under a name that says that it
 * is secret. Whether there is one, and how many, is no secret: booleans, numbers and null stay.
 */
export const redact = (value: unknown, name = ''): unknown => {
  if (value === null || (typeof value !== 'string' && typeof value !== 'object') || value instanceof Date) return value;
  if (SECRET_NAME.test(name)) return '[redacted:by-name]';
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((inner) => redact(inner));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redactText(key), redact(inner, key)]));
};
