import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../machine';
import { run } from '../run';
import { COLORED } from './ink';
import { legible, legibleJson } from './legible';

test.each([
  ['a carriage return, which writes over the line', 'Restored.\rKilled.  ', 'Restored.␍Killed.  '],
  ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', '␛[2J␛]0;title␇'],
  ['the same in one character', '\u009b2J', '<U+009B>2J'],
  ['concealed text', '\u001b[8mnobody sees this', '␛[8mnobody sees this'],
  ['an override of the direction', 'uid-\u202enimda', 'uid-<U+202E>nimda'],
  ['a backspace', 'no\b\byes', 'no␈␈yes'],
])('%s is shown, not obeyed', (_, hostile, shown) => expect(legible(hostile)).toBe(shown));

test('colors, line breaks, tabs and every script pass', () => {
  const { strong, faint, good, bad, warn, struck } = COLORED;
  const page = [strong, faint, good, bad, warn, struck].map((ink) => ink('Å, 名前, שלום, 🛑\n\tseen')).join('');
  // oxlint-disable-next-line no-control-regex -- what colors are made of
  const colors = /\u001b\[\d+m/gu;
  expect(legible(page).match(colors)).toEqual(
    [1, 22, 2, 22, 32, 39, 31, 39, 33, 39, 9, 29].map((color) => `\u001b[${color}m`),
  );
  expect(legible(page).replace(colors, '')).toBe('Å, 名前, שלום, 🛑\n\tseen'.repeat(6));
});

test.each([
  ['green', '\u001b[32m✓ Holds\u001b[39m', '␛[32m✓ Holds␛[39m'],
  [
    'green within what the page itself colors',
    COLORED.bad('\u001b[39m\u001b[32m✓ Holds'),
    '\u001b[31m␛[39m␛[32m✓ Holds\u001b[39m',
  ],
  ['numbers before the color', '\u001b[1234;1234;1234;1234;32m✓ Holds', '␛[1234;1234;1234;1234;32m✓ Holds'],
  ['a color that goes on in what the page colors', `\u001b[3${COLORED.good('1m')}`, '␛[3\u001b[32m1m\u001b[39m'],
])('%s by somebody else is no color of the page', (_, hostile, shown) => expect(legible(hostile)).toBe(shown));

test('JSON is the same value, in characters that no terminal obeys', () => {
  const hostile = {
    'a\u202e': ['\u009b2J', '\u001b[32m', '\u061c\u2028\u2066', '\u007f', 'Å 名前 🛑'],
    b: { c: null },
  };
  for (const indent of [undefined, 2]) {
    const json = legibleJson(hostile, indent);
    expect(JSON.parse(json)).toEqual(hostile);
    expect(json).not.toMatch(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    expect(json).toContain('Å 名前 🛑');
  }
  expect(legibleJson('\u202e')).toBe('"\\u202e"');
});

const HOSTILE = 'an exercise\u009b2J\u202eover';
const LEGIBLE = 'an exercise<U+009B>2J<U+202E>over';
const policy = {
  policy: { mode: 'degraded', since: '2026-03-31T09:00:00.000Z', until: null, by: 'uid', reason: HOSTILE },
  ...{ modeEndRequest: null, offline: [], killSwitches: [] },
};
const refusal = {
  error: { status: 'FAILED_PRECONDITION', message: HOSTILE, details: { code: 'CONFLICT', next: HOSTILE } },
};

const said = async (answer: object, status: number, ...args: string[]): Promise<string> => {
  let text = '';
  const stream = { write: (some: string) => void (text += some) };
  const machine = {
    env: {
      ...{ MUSTER_ID_TOKEN: 'token', MUSTER_PROJECT: 'demo-legible' },
      XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'muster-legible-')),
    },
    ...{ stdout: stream, stderr: stream, wait: async () => undefined },
    now: () => new Date('2026-03-31T09:00:00.000Z'),
    fetch: async () => new Response(JSON.stringify(answer), { status }),
  } as unknown as Machine;
  await run(machine, args);
  return text;
};

test('a page shows what others wrote, and programs are given it as it was sent', async () => {
  expect(await said({ result: policy }, 200, 'policy')).toContain(LEGIBLE);
  const json = await said({ result: policy }, 200, 'policy', '--json');
  expect(JSON.parse(json)).toEqual(policy);
  expect(json).not.toMatch(/[\u009b\u202e]/u);
});

test('so does a refusal', async () => {
  expect((await said(refusal, 400, 'policy')).split(LEGIBLE)).toHaveLength(3);
  const json = await said(refusal, 400, 'policy', '--json');
  expect(JSON.parse(json)).toMatchObject({ error: { message: HOSTILE } });
  expect(json).not.toMatch(/[\u009b\u202e]/u);
});
