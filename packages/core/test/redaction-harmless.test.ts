/** Ten thousand texts that are no secrets, and the bodies of e-mails that stand under a name or are pasted. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALNUM, DIGITS, Generator, HEX, LOWER, withLuhn, withMod97 } from './planted-secrets';
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
  ...ofOurs(),
  (make) => `Subject to review: ${make.of(LOWER, 8)}\nFrom then on: ${make.of(LOWER, 8)}`,
];

/** What Muster itself makes and shows: ids, hashes, checkpoints, keys that are public, places in lists, uids. */
function ofOurs(): ((make: Generator) => string)[] {
  const sha256 = (make: Generator) => createHash('sha256').update(make.of(ALNUM, 20));
  const bytes = (make: Generator, length: number) =>
    Buffer.from(Array.from({ length }, () => make.below(256))).toString('base64');
  const id = (make: Generator, prefix: string) => `${prefix}_${make.of(BASE32, 20)}`;
  return [
    (make) => sha256(make).digest('hex'),
    (make) => sha256(make).digest('base64'),
    (make) => sha256(make).digest('base64url'),
    (make) => createHash('sha1').update(make.of(ALNUM, 20)).digest('hex'),
    (make) => `${make.of(HEX, 8)}-${make.of(HEX, 4)}-4${make.of(HEX, 3)}-a${make.of(HEX, 3)}-${make.of(HEX, 12)}`,
    (make) =>
      `example.com/audit\n${make.below(1e6)}\n${sha256(make).digest('base64')}\n\n— example.com/audit ${bytes(make, 68)}\n`,
    (make) => `— witness.example.com/w1 ${bytes(make, 76)}`,
    (make) => `witness.example.com/w1+${make.of(HEX, 8)}+${bytes(make, 33)}`,
    (make) => Buffer.from(`2026-11-26T10:00:00.000Z ${id(make, 'drl')}`).toString('base64url'),
    (make) => `muster_drills/${id(make, 'drl')}/muster_events/${id(make, 'evt')}`,
    (make) => `task-${make.of(ALNUM, 28)}`,
    (make) => `chaos-${make.of(`${LOWER}${DIGITS}`, 10)}-${make.below(20)}`,
    (make) =>
      `8/x${String(make.below(999)).padStart(3, '0')}/${String(make.below(999)).padStart(3, '0')}.p/${make.below(255)}`,
    (make) => String(1_700_000_000_000 + make.below(1e11)),
    (make) => `${1_700_000_000 + make.below(1e8)}${make.of(DIGITS, 9)}`,
    (make) => `at ${1_700_000_000 + make.below(1e8)}.${make.of(DIGITS, 9)}, share 0.${make.of(DIGITS, 16)}`,
    (make) => `{"reads":${make.below(9)},"writes":${make.below(9)},"durationMs":${make.below(1e9)}}`,
    (make) =>
      `2026-${10 + make.below(3)}-${10 + make.below(19)} ${10 + make.below(14)}-${10 + make.below(50)}-${10 + make.below(50)}`,
    (make) => `v0.${make.below(20)}.${make.below(99)}-${make.of(HEX, 7)}, node 20.${make.below(30)}.${make.below(9)}`,
  ];
}

test('what only looks like a number of a card or an account is none: its check digit says so', () => {
  const make = new Generator(5);
  const wrong = (right: string, at: number) =>
    `${right.slice(0, at)}${(Number(right[at]) + 1) % 10}${right.slice(at + 1)}`;
  for (let index = 0; index < 500; index += 1) {
    const card = wrong(withLuhn(`4${make.of(DIGITS, 14)}`), 15);
    const iban = wrong(withMod97('DE', make.of(DIGITS, 18)), 3);
    expect(redactText(`order ${card} and ${iban}`)).toBe(`order ${card} and ${iban}`);
  }
});

const ROOT = join(__dirname, '../../..');
/** What a reader of the page must see: an address that is an example, a placeholder beside the name of a secret. */
const EXAMPLES = new Set(['ip-address', 'email', 'password', 'authorization']);

test('the pages of this repository, as ordinary prose, hold no token, no number of a person and hardly anything else', () => {
  const pages = ['.', 'docs', 'docs/adr', 'docs/runbooks', 'catalog/scenarios']
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)))
    .filter((path) => /\.(?:md|ya?ml)$/u.test(path));
  const lines = pages.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const changed = lines.filter((line) => redactText(line) !== line);
  const kinds = changed.flatMap((line) => redactText(line).match(/(?<=\[redacted:)[a-z0-9-]+/gu) ?? []);
  expect(lines.length).toBeGreaterThan(1500);
  expect(kinds.filter((kind) => !EXAMPLES.has(kind))).toEqual([]);
  // One line of a hundred would be noise.
  expect(changed.length).toBeLessThan(lines.length / 100);
});

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
