/** Texts that make a careless expression try for hours. What is counted are steps, not seconds. */
import { CHECKED_NUMBERS } from '../src/redaction/checked-numbers';
import { redactText } from '../src/redaction/redaction';
import { SHAPES } from '../src/redaction/shapes';
import { endsWithin } from './counted-steps';
import { Generator, KINDS } from './planted-secrets';

const LENGTH = 8_000;
/** For each character. A shape looks back over at most some hundreds; one that is quadratic takes 24,000. */
const STEPS = 700;

const times = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length));

const UNITS = [
  ...[
    'a',
    'A',
    '1',
    '4',
    'a.',
    'a-',
    '1.',
    '1:',
    ':',
    '-',
    '+1 ',
    'A@',
    'a@a.',
    'a@1.1',
    '%40',
    '\\',
    '"',
    ' ',
    '\n',
    '\t',
  ],
  ...[
    'eyJ',
    '-eyJaaaaaa',
    'eyJaaaaa.',
    'eyJaaaaaa.eyJaaaaaa-',
    'a-a+a.',
    'a://',
    'a://b:',
    'a://:@',
    'a+a+',
    'SG.',
    'sk-',
  ],
  ...['password', 'password ', 'password="', 'password=\\"', "password='\\", 'pass', 'pass:', 'pass=', 'pw = '],
  ...[
    'cookie ',
    'authorization: ',
    'token=',
    'bearer ',
    'Basic aaaaaaaa',
    '--a-',
    '--password ',
    '__Host-',
    'secret access key ',
  ],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN\n',
    '-----END PRIVATE KEY',
    'PuTTY-User-Key-File-1:',
    'MIIEvQIBADAN',
  ],
  ...[
    'fe80:',
    'fe80::',
    '::1',
    '+4930',
    '1.1.1.',
    'github_pat_',
    'AKIA',
    'ya29.',
    'xoxb-',
    'ghs_1_',
    'hvs.',
    'dapi',
    'sk-ant-',
  ],
  ...[
    'From: a\n',
    'From: a\n\tb\n',
    'Subject: \\',
    'To: x\nnothing\n',
    'sent:\n\t*\t\n',
    'From: a Subject:',
    'Von:  ',
    '----',
  ],
  ...[
    '----- Original',
    'Subject:',
    'Authorization: a,b=',
    'From: a@\n',
    'From: a@a\n\\n',
    'On a\n',
    'On On wrote:',
    'nAm mwrote:Am m',
  ],
  ...[
    'name="password" ',
    'name="',
    'password:\\n',
    ' -u a:',
    ' -b a=',
    '<password>',
    'pi_a',
    'cs_',
    '\\u000',
    ',a',
    '\\n',
    '%2525',
  ],
  ...[
    '4111 ',
    '4111-1111 ',
    '3782 822463 ',
    'DE89',
    'DE89 3704 ',
    'AB12CD34',
    'iban',
    '078-05-',
    'ssn',
    'social security ',
  ],
  ...[
    'phone ',
    'tel: 1',
    '(202) ',
    '202-',
    '00 1',
    '0049',
    '01 23 ',
    '030 ',
    'PRIVATE+KEY+',
    'PRIVATE+KEY+a+',
    'MTA.abcdef.',
    '123456:A',
  ],
  ...[
    'sig=',
    '&Signature=',
    'SharedAccessKey',
    '.webhook.office.com',
    'a.atlasv1.',
    'patAAAAAAAAAAAAAA.',
    'discord.com/api/',
  ],
];

const WHOLE = [
  `password${times(' ')}`,
  `-----BEGIN PRIVATE KEY-----${times('-----END ')}`,
  `${times('a')}@${times('a.')}`,
  `${times('-eyJaaaaaa')}.${times('a')}`,
  `https://a:${times('b')}`,
  `From: a\n${times(' ')}`,
  `PRIVATE+KEY+${times('a')}`,
];

/** The longest text that a field takes is 16 times shorter, and the longest request eight times longer. */
const HOSTILE = [...UNITS.map(times), ...WHOLE];

test.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
  '%j…: each shape ends within steps in proportion',
  (_, text) => {
    const endless = SHAPES.filter(({ shape }) => !endsWithin(shape, text, STEPS));
    expect(endless.map(({ kind, shape }) => `${kind}: ${shape.source}`)).toEqual([]);
  },
);

test('each secret, begun again and again, is looked for in steps in proportion', () => {
  const make = new Generator(11);
  const slow: string[] = [];
  for (const [name, made] of Object.entries(KINDS)) {
    const { text } = made(make);
    // Whole, and cut off where it is no secret yet.
    for (const part of [text, ...[0.5, 0.9].map((share) => text.slice(0, Math.ceil(text.length * share)))])
      for (const { kind, shape } of SHAPES) if (!endsWithin(shape, times(part), STEPS)) slow.push(`${name}: ${kind}`);
  }
  expect(slow).toEqual([]);
});

test('the count finds what is quadratic', () => {
  // Far fewer than it takes: V8 begins to count anew when something interrupts it.
  const few = STEPS / 10;
  expect(endsWithin(/a+b/gu, times('a'), few)).toBe(false);
  expect(endsWithin(/(?<!a)a+b/gu, times('a'), few)).toBe(true);
});

test('what a check refuses is looked through again from its next character: no text makes that long', () => {
  let asked = 0;
  const counted = CHECKED_NUMBERS.map((one) => ({
    ...one,
    holds: (found: string) => ((asked += 1), one.holds?.(found) ?? 0),
  }));
  for (const { shape, holds } of counted)
    for (const text of [times('4111'), times('4111 '), times('DE89 3704 '), times('AB12CD34')]) {
      const search = new RegExp(shape);
      for (let found = search.exec(text); found; found = search.exec(text)) {
        expect(found[0].length).toBeLessThan(100);
        search.lastIndex = found.index + Math.max(holds(found[0]), 1);
      }
    }
  expect(asked).toBeLessThan(5 * LENGTH);
});

test('a hostile text ends, and comes out whole', () => {
  for (const text of HOSTILE) expect(typeof redactText(text)).toBe('string');
});
