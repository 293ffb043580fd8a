import { CHECKED_NUMBERS } from './checked-numbers';
import { EMAIL_MESSAGES } from './email';
import { ISSUER_TOKENS } from './issuer-tokens';
import { PRIVATE_KEYS } from './private-keys';
import { SECRET_WORD } from './names';
import type { Shape } from './shape';

/**
 * Where a secret may begin: not within a word; the `n` of an escaped line break, and the last digit of an escaped
 * character, are no word.
 */
const BEGIN = String.raw`(?<!(?<!\\|\\u[0-9A-Fa-f]{3})[A-Za-z0-9])`;
const from = (source: string, flags = 'gu'): RegExp => new RegExp(BEGIN + source, flags);

/** A part of a token, also when it was broken over lines: a short next line is the next line of the text. */
const PART = String.raw`[A-Za-z0-9_-]{5,}(?:[\r\n]{1,2}[A-Za-z0-9_-]{16,})*`;

/** What separates a name from its value, with the quotes around both in JSON, in an address, in HTML. */
const QUOTE = String.raw`(?:\\{0,8}["']|%22|&quot;)?`;
const SPACE = String.raw`(?:\s|\\{1,8}[nrt])*`;
const IS = String.raw`${QUOTE}\s*(?::|=>?|%(?:25){0,3}3[ADad])${SPACE}(?:%22|&quot;)?`;

/** A comma, a quote or an escaped line break within a password is part of it, unless another name, or the end, comes after. */
const VALUE = [
  String.raw`[|>][+-]?[ \t]*(?:\r?\n[ \t]+[^\r\n]+)+`,
  String.raw`\\+"[^"\r\n]*"?`,
  String.raw`"(?:[^"\\\r\n]|\\.)*"?`,
  String.raw`'(?:[^'\\\r\n]|\\.)*'?`,
  String.raw`(?:(?!\\{1,8}[nr][\w.-]{1,40}\s?[:=])[^\s,;"']|[,;](?![\s,;"']|$|[\w.-]{1,40}["']?\s?[:=])|(?<=\w)["'](?=\w))+`,
].join('|');

/**
 * Shapes are those that the issuers publish. All of them run in linear time, whatever the text: a run of characters is
 * entered only at its beginning (the lookbehinds), or is bounded, or ends in a match. The order matters: a narrower
 * shape comes before a wider one.
 */
export const SHAPES: readonly Shape[] = [
  ...PRIVATE_KEYS,
  ...EMAIL_MESSAGES,
  // Cut off after the payload it still tells whose it is; encrypted ones have five parts. Looked for anew at each beginning.
  {
    kind: 'jwt',
    shape: new RegExp(
      String.raw`eyJ(?:(?!eyJ)[A-Za-z0-9_\r\n-]){5,2000}\.(?:${PART})(?:\.(?:${PART}|[A-Za-z0-9_-]*)){0,3}`,
      'gu',
    ),
  },
  ...ISSUER_TOKENS,
  { kind: 'google-api-key', shape: from('AQ\\.[0-9A-Za-z_-]{30,}') },
  { kind: 'google-oauth-token', shape: from('(?:1\\/\\/0|4\\/0A)[0-9A-Za-z_.-]{20,}') },
  { kind: 'slack-webhook', shape: /hooks\.slack\.com(?:\/|%2F)(?:services|workflows|triggers)[A-Za-z0-9/%_-]+/giu },
  // With the secret that stands after it in the console's own file.
  {
    kind: 'aws-access-key',
    shape:
      /(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[0-9A-Z]{16}(?:(?:%2C|%3A|%20|\\{1,8}[nrt"]|[\s,:;|"'+]){1,12}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+]))?/gu,
  },
  // Behind its name, as the prompt of the AWS command line and sentences have it.
  {
    kind: 'aws-secret-key',
    shape:
      /secret[ _+-]?access[ _+-]?key(?!\\{0,8}["']?\s?[:=])[^\r\n]{0,40}?(?<![A-Za-z0-9/])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/giu,
  },
  { kind: 'stripe-key', shape: from('[sre]k_(?:live|test|org)_[0-9A-Za-z_+/=]{16,}') },
  {
    kind: 'api-key',
    shape: /(?<![A-Za-z0-9_-])sk-(?:ant-|proj-|svcacct-)?(?=[a-z-]{0,40}[A-Z0-9])[A-Za-z0-9_-]{20,}/gu,
  },
  { kind: 'credentials-in-url', shape: /(?<![a-z0-9])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]*:[^\s/]+@/giu },
  { kind: 'cookie', shape: from(String.raw`(?:set-)?cookie${QUOTE}\s*(?:[:=]|%3[AD])\s*[^\r\n]+`, 'giu') },
  // What a request was sent with, as its command has it.
  { kind: 'cookie', shape: /(?<!\S)(?:-b|--cookie)(?:[ =]|%20)\\{0,8}["']?[\w.-]{1,60}=[^\s"']+/gu },
  { kind: 'password', shape: /(?<!\S)(?:-u|--user)[ =]?\\{0,8}["']?[^\s:"'-][^\s:"']{0,100}:[^\s"']+/gu },
  { kind: 'cookie', shape: from(String.raw`__(?:Host|Secure)-[\w.-]{1,60}=[^\s;,"']+`) },
  {
    kind: 'authorization',
    shape: from(
      String.raw`(?:proxy-)?authorization${QUOTE}\s*(?:[:=]|%3[AD])\s*\\{0,8}["']?[^\s,;"'\\]+(?:[ \t]+[^\s,;"'\\]+)?` +
        String.raw`(?:\\{0,8}"[^"\r\n]{0,500}")?(?:,\s?\w{1,40}=(?:\\{0,8}"[^"\r\n]{0,500}"|[^\s,;"']+))*`,
      'giu',
    ),
  },
  // English has basic facts and bearers of news: what follows must look made by a machine.
  {
    kind: 'authorization',
    shape: from(
      String.raw`(?:[Bb]earer|BEARER|[Bb]asic|BASIC)(?:\s+|%20|\+)(?=[A-Za-z._~+/-]{0,200}?(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}`,
    ),
  },
  // A word before it (DB_PASSWORD, dbPassword) is part of the name; a quote may be escaped, or cut off at the end.
  // `secrets:set` is a command, and `secrets:read` a scope.
  {
    kind: 'password',
    shape: new RegExp(
      String.raw`(?:${SECRET_WORD})(?!:(?:set|get|list|access|destroy|prune|read|write)\b)${IS}(?:${VALUE})`,
      'giu',
    ),
  },
  { kind: 'password', shape: new RegExp(`(?:${SECRET_WORD})>[^<]+`, 'giu') },
  // Tests pass too: `pass` alone is a name where a value is given to it as programs do, or a digit is in what follows.
  {
    kind: 'password',
    shape: new RegExp(
      String.raw`(?<![A-Za-z0-9])(?:pass|pw)(?:${QUOTE}=>?|\s{1,4}=>?\s{0,4}(?=\\{0,8}["']|\S{6,})|\\{0,8}["']\s*:\s*|:\s*(?=\\{0,8}["']|[^\s\d]{0,40}\d))(?:${VALUE})`,
      'giu',
    ),
  },
  // A field of a form as it is sent, and as it is shown.
  {
    kind: 'password',
    shape: new RegExp(
      String.raw`name=\\{0,8}["']?[\w-]{0,20}?(?:${SECRET_WORD})\\{0,8}["']?(?:[\r\n \t]|\\{1,8}[rn]){2,20}[^\r\n\\]+`,
      'giu',
    ),
  },
  {
    kind: 'password',
    shape: new RegExp(
      String.raw`name=\\{0,8}["'][\w-]{0,20}?(?:${SECRET_WORD})\\{0,8}["'][^>\r\n]{0,200}?value=\\{0,8}["'][^"'\\]*`,
      'giu',
    ),
  },
  {
    kind: 'password',
    shape:
      /(?:password|passphrase|passwort|kennwort)\s{1,3}(?:is|was|ist|war)\s{1,3}["'`]?(?=[^\s\d]{0,40}\d)[^\s"'`]{6,}/giu,
  },
  { kind: 'password', shape: new RegExp(`--(?:[a-z]{1,20}-){0,3}(?:${SECRET_WORD}|token)[ \\t]+[^\\s-]\\S*`, 'giu') },
  { kind: 'token', shape: from(String.raw`token${QUOTE}\s*(?:[:=]|%3[AD])\s*${QUOTE}[A-Za-z0-9._~+/=-]{16,}`, 'giu') },
  {
    kind: 'email',
    shape:
      /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+(?:@|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:xn--[a-z0-9-]+|\p{L}{2,})/gu,
  },
  ...CHECKED_NUMBERS,
  { kind: 'ip-address', shape: /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/gu },
  // Eight groups, or fewer with `::` among them; a time such as 12:30:45 is neither.
  {
    kind: 'ip-address',
    shape:
      /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})(?![\w:])/giu,
  },
];
