import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../machine';
import { run } from '../run';
import { COLORED } from './ink';
import { legible } from './legible';

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
  expect(legible(page)).toBe(page);
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
  expect(JSON.parse(await said({ result: policy }, 200, 'policy', '--json'))).toEqual(policy);
});

test('so does a refusal', async () => {
  expect((await said(refusal, 400, 'policy')).split(LEGIBLE)).toHaveLength(3);
});
