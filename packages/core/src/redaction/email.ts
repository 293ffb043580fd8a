import type { Shape } from './shape';

/** Fields that only a message has; one of them must be there, since a span of time also has `from` and `to`. */
const ONLY_IN_MAIL =
  'subject|betreff|message-id|mime-version|reply-to|return-path|delivered-to|dkim-signature|in-reply-to|' +
  'content-transfer-encoding';
const FIELD = `from|to|cc|bcc|date|sent|von|an|gesendet|received|content-type|${ONLY_IN_MAIL}`;

/** The beginning of a line, as it is, escaped, quoted by `>`, or made bold by a program that shows it. */
const LINE = String.raw`(?:^|[\r\n]|\\{1,8}[rn]|(?<=["']))[>|*\s]{0,8}`;

const BREAK = String.raw`(?:\\{1,8}r)?(?:[\r\n]|\\{1,8}[rn])[>|*\s]{0,8}`;
const WHO = 'from|to|cc|bcc|reply-to|sender|von|an';
const ADDRESS = String.raw`(?:[^\r\n\\@]|\\{1,8}"){0,200}@`;

/**
 * An RFC 5322 message that was pasted: two lines of its header, at least one of which only messages have, and
 * everything after them, for nothing tells where a message ends.
 */
export const EMAIL_MESSAGES: readonly Shape[] = [
  {
    kind: 'email-body',
    shape: new RegExp(
      String.raw`(?<=${LINE})(?:(?:${FIELD})\*?:[\s\S]{0,500}?(?:[\r\n]|\\{1,8}[rn])[>|*\s]{0,8}(?:${ONLY_IN_MAIL})|` +
        String.raw`(?:${ONLY_IN_MAIL})\*?:[\s\S]{0,500}?(?:[\r\n]|\\{1,8}[rn])[>|*\s]{0,8}(?:${FIELD}))\*?:[\s\S]*`,
      'giu',
    ),
  },
  // A message needs no more than who sent it and when: a line with an address, beside another line of its header.
  {
    kind: 'email-body',
    shape: new RegExp(
      String.raw`(?<=${LINE})(?:(?:${FIELD})\*?:[^\r\n\\]{0,200}${BREAK}(?:${WHO})\*?:${ADDRESS}|` +
        String.raw`(?:${WHO})\*?:${ADDRESS}[^\r\n\\]{0,200}${BREAK}(?:${FIELD})\*?:)[\s\S]*`,
      'giu',
    ),
  },
  // As programs quote what they answer.
  {
    kind: 'email-body',
    shape: new RegExp(
      String.raw`(?<!(?<!\\)[\p{L}\p{N}])(?:On|Am) [^\r\n\\]{4,200}(?:wrote|schrieb[^\r\n\\:]{0,100}):(?:[\r\n\t >]|\\{1,8}[rn]){0,8}>[\s\S]*`,
      'gu',
    ),
  },
  // The lines run together, as a form does that takes one line only.
  { kind: 'email-body', shape: /(?<![\w-])(?:From|Von): [^\r\n]{1,300}? (?:Subject|Betreff): [\s\S]*/gu },
  {
    kind: 'email-body',
    shape: /-{2,12} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht) ?-{2,12}[\s\S]*/giu,
  },
  { kind: 'email-body', shape: /Begin forwarded message:[\s\S]*/giu },
];
