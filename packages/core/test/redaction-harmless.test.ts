/** Ten thousand texts that are no secrets, and the bodies of e-mails that stand under a name or are pasted. */
import { ALNUM, DIGITS, Generator, LOWER } from './planted-secrets';
import { redact, redactText } from '../src/redaction/redaction';

const COUNT = 10_000;

const BASE32 = 'abcdefghijkmnpqrstuvwxyz23456789';
const HARMLESS: ((make: Generator) => string)[] = [
  (make) =>
    `${make.one(['drl', 'evt', 'aud', 'req', 'act', 'dlg', 'exm', 'prp', 'inc', 'cwr', 'exp', 'hld'])}_${make.of(BASE32, 20)}`,
  (make) => `ses_${make.of(`${DIGITS}abcdef`, 40)}`,
  (make) => make.of(ALNUM, 28),
  (make) => new Date(1_700_000_000_000 + make.below(1_000_000_000) * 1000).toISOString(),
  (make) => `v${make.below(30)}.${make.below(30)}.${make.below(99)}`,
  (make) => `${make.of(`${ALNUM}+/`, 43)}=`,
  (make) => `${make.of(LOWER, 7)}.example/audit+${make.of(`${DIGITS}abcdef`, 8)}+A${make.of(`${ALNUM}/`, 43)}`,
  (make) => `${make.of(LOWER, 8)}.${make.of(LOWER, 6)}_${make.of(LOWER, 6)}`,
  (make) => `drills/drl_${make.of(BASE32, 20)}`,
  (make) =>
    Array.from({ length: 3 + make.below(9) }, () =>
      make.one([
        'the',
        'token',
        'was',
        'rotated',
        'because',
        'password',
        'policy',
        'of',
        'a',
        'laptop',
        'subject',
        'to',
        'review',
        'basic',
        'facts',
        'from',
        'body',
      ]),
    ).join(' '),
  (make) => `${make.below(24)}:${10 + make.below(50)}:${10 + make.below(50)} took ${make.below(9000)} ms`,
  (make) => `Subject to review: ${make.of(LOWER, 8)}\nFrom then on: ${make.of(LOWER, 8)}`,
];

test(`${COUNT} texts that are no secrets stay as they are`, () => {
  const make = new Generator(7);
  const changed: [string, string][] = [];
  for (let index = 0; index < COUNT; index += 1) {
    const text = (HARMLESS[index % HARMLESS.length] as (one: Generator) => string)(make);
    const after = redactText(text);
    if (after !== text) changed.push([text, after]);
  }
  expect(changed.slice(0, 5)).toEqual([]);
});

test.each([
  ['body', 'Dear Ada, …'],
  ['emailBody', 'Dear Ada, …'],
  ['mail_body', 'Dear Ada, …'],
  ['html', '<p>Dear Ada</p>'],
  ['text/html', '<p>Dear Ada</p>'],
  ['rawEmail', ['Dear Ada, …']],
])('what stands under %s is the body of an e-mail', (name, value) => {
  expect(redact({ mail: { [name]: value } })).toEqual({ mail: { [name]: '[redacted:email-body]' } });
});

test('names that only sound like it stay, and so does what is no text', () => {
  const harmless = { bodyCount: 3, html: 12, somebody: 'Ada', body: { type: 'json' }, embody: 'x', antibody: 'y' };
  expect(redact(harmless)).toEqual(harmless);
});

test('a value is known by the name that stands beside it, and a key by the line before', () => {
  expect(
    redact({
      headers: [
        { name: 'Cookie', value: 'short' },
        { name: 'Host', value: 'x' },
      ],
    }),
  ).toEqual({
    headers: [
      { name: 'Cookie', value: '[redacted:by-name]' },
      { name: 'Host', value: 'x' },
    ],
  });
  expect(redact(['Authorization', 'short', 'Host', 'x'])).toEqual(['Authorization', '[redacted:by-name]', 'Host', 'x']);
  expect(redact(['-----BEGIN PRIVATE KEY-----', 'MIIE', '-----END PRIVATE KEY-----', 'then'])).toEqual([
    '[redacted:private-key]',
    '[redacted:private-key]',
    '[redacted:private-key]',
    'then',
  ]);
});

test('an address is decoded only where a secret is in it', () => {
  expect(redactText('/p?q=a%20b%2Fc&r=100%')).toBe('/p?q=a%20b%2Fc&r=100%');
  expect(redactText('/p?q=password%3Dhunter2&r=1')).toBe('/p?q=[redacted:password]&r=1');
  expect(redactText('/p?q=password%3Dhunter2%FF')).toBe('/p?q=[redacted:password]');
});

test('a message that was pasted is cut from its head on, and what stands before it stays', () => {
  const pasted = 'The customer wrote:\nFrom: Ada <x>\nSubject: Invoice\n\nDear team,\nmy card is 4111\n';
  expect(redactText(pasted)).toBe('The customer wrote:\n[redacted:email-body]');
  expect(redactText(JSON.stringify({ note: pasted }))).toBe('{"note":"The customer wrote:\\n[redacted:email-body]');
  expect(redactText('Subject: one line of it alone is a sentence.\nAnd another.')).toContain('one line of it alone');
});

test('times and shares are no message, and a sum no form', () => {
  for (const text of [
    'From: 10:00\nTo: 11:00\nthe drill ran',
    'On Monday she wrote: nothing',
    '1+1 = 2, 50%+',
    'up -u root',
  ])
    expect(redactText(text)).toBe(text);
});

test('hostile messages take no longer than others', () => {
  const slow: string[] = [];
  for (const text of [
    'From: a\n'.repeat(1) + ' '.repeat(100_000),
    'From: a\n\tb\n'.repeat(9_000),
    'Subject: \\'.repeat(9_000),
    'To: x\nnothing\n',
    ...[
      'password:\\n',
      'name="password" ',
      'name="',
      'PuTTY-User-Key-File-1:',
      'MIIEvQIBADAN',
      '%41',
      '%3D%',
      ',a',
      '\\n',
    ],
    ...[
      'MIIEvQIBADAN\n',
      'From: a Subject:',
      '----- Original',
      'Subject:',
      'pi_a',
      '\\u000',
      'Authorization: a,b=',
      'From: a@\n',
      'From: a@a\n\\n',
      'On a\n',
      'On On wrote:',
      'secret access key ',
      ' -u a:',
      ' -b a=',
      '%2525',
      'a+%2B',
      '-----BEGIN\n',
      '<password>',
    ],
  ]) {
    const { user } = process.cpuUsage();
    redactText(text.repeat(Math.ceil(100_000 / text.length)));
    const took = (process.cpuUsage().user - user) / 1000;
    // Linear shapes need some milliseconds, quadratic ones many seconds. Time of the processor, not of a busy machine.
    if (took > 1500) slow.push(`${text.slice(0, 30)}: ${took} ms`);
  }
  expect(slow).toEqual([]);
});
