/** The page as it is committed: its script runs here without a browser, on a document that has only what the page asks for. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { asRun, OTHER_KEY, SealedLog, VERIFIER_KEY } from '@muster/tlog/test/sealed-log';
import { EXPORT_FORMATS, verifyExport } from '@muster/tlog/export';
import { formatVerifierKey, parseVerifierKey } from '@muster/tlog/note';
import { verdictLines } from './verdict-lines';

const ROOT = join(__dirname, '..', '..');
const html = readFileSync(join(ROOT, 'docs', 'verify.html'), 'utf8');
const between = (begin: string, end: string): string =>
  html.slice(html.indexOf(begin) + begin.length, html.indexOf(end));
const script = between('<script>', '</script>');
const style = between('<style>', '</style>');

test('the page is what its source makes', () => {
  expect(() =>
    execFileSync(process.execPath, [join(ROOT, 'tools', 'suite', 'build-verify-page.mjs'), '--check']),
  ).not.toThrow();
});

test('nothing but its own script runs, and nothing is loaded or sent', () => {
  const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const policy = between('http-equiv="Content-Security-Policy" content="', '" />\n    <meta name="referrer"');
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(html.replace(script, '')).not.toMatch(/\b(?:src|href|srcset|action)=|url\(|@import/iu);
  expect(script).not.toMatch(
    /\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\(|\beval\(|innerHTML|new Function\(/u,
  );
});

interface Stub {
  value: string;
  files: unknown[];
  text: string[];
  className: string;
  listeners: Map<string, (event: unknown) => void>;
}

/** A document with the elements of the page, and what the page showed in it. */
const opened = () => {
  const elements = new Map<string, Stub>();
  const element = (): Stub & Record<string, unknown> => {
    const stub: Stub = { value: '', files: [], text: [], className: '', listeners: new Map() };
    return {
      ...stub,
      append: (child: { textContent: string }) => void stub.text.push(child.textContent),
      replaceChildren: () => void (stub.text.length = 0),
      addEventListener: (kind: string, listener: (event: unknown) => void) => void stub.listeners.set(kind, listener),
    };
  };
  const getElementById = (id: string): Stub => {
    if (!html.includes(`id="${id}"`)) throw new Error(`the page has no ${id}`);
    const found = elements.get(id) ?? element();
    elements.set(id, found);
    return found;
  };
  const document = { getElementById, createElement: element };
  runInContext(
    script,
    createContext({ document, TextDecoder, TextEncoder, atob, btoa, Uint8Array, Uint32Array, DataView }),
  );
  return async (bytes: Uint8Array, key: string): Promise<{ kind: string; lines: string[] }> => {
    getElementById('key').value = key;
    const chunks = [bytes.subarray(0, 70_001), bytes.subarray(70_001)];
    const reader = { read: async () => ({ done: chunks.length === 0, value: chunks.shift() }) };
    const file = { name: 'x', size: bytes.length, stream: () => ({ getReader: () => reader }) };
    const verdict = getElementById('verdict');
    verdict.className = '';
    getElementById('drop').listeners.get('drop')?.({ preventDefault: () => {}, dataTransfer: { files: [file] } });
    while (verdict.className === '') await new Promise((resolve) => setImmediate(resolve));
    return { kind: verdict.className, lines: [...verdict.text] };
  };
};

const log = new SealedLog(300, (entry) => (entry.correlationId === 'req_299' ? asRun(entry, 50) : entry));
const drop = opened();

/** What the command line says of the same bytes. */
const said = async (bytes: Uint8Array, key: string): Promise<{ kind: string; lines: string[] }> => {
  const chunks = async function* () {
    yield bytes;
  };
  const keys = key === '' ? [] : [parseVerifierKey(key)];
  const verdict = await verifyExport(chunks(), { keys, now: new Date() });
  return { kind: verdict.ok ? 'good' : 'bad', lines: ['x', ...verdictLines(verdict)] };
};

describe.each(EXPORT_FORMATS)('%s', (format) => {
  const lines = [...log.file(log.header(format, { withheld: ['ip'], horizon: log.horizon(50) }), new Set([7]))];
  const good = Buffer.from(lines.join(''), 'utf8');

  test('a good file holds, with a key and without', async () => {
    for (const key of [VERIFIER_KEY, '']) {
      const shown = await drop(good, key);
      expect(shown).toMatchObject({ kind: 'good', lines: expect.arrayContaining(['Holds']) });
      expect(shown).toEqual(await said(good, key));
    }
  });

  test('what does not hold is told as the command line tells it', async () => {
    const bad: [Uint8Array, string][] = [
      [good, formatVerifierKey(OTHER_KEY)],
      [good.subarray(0, -100), VERIFIER_KEY],
      [Buffer.from(lines.toSpliced(40, 1).join('')), VERIFIER_KEY],
      [Buffer.from(lines.join('').replace('uid-13', 'uid-14')), VERIFIER_KEY],
      ...[200, 5_000, 150_000].map((at): [Uint8Array, string] => [
        Buffer.from(good.map((byte, index) => (index === at ? byte ^ 1 : byte))),
        VERIFIER_KEY,
      ]),
    ];
    for (const [bytes, key] of bad) {
      const shown = await drop(bytes, key);
      expect(shown.kind).toBe('bad');
      expect(shown).toEqual(await said(bytes, key));
    }
  });
});

test('a key that is none is told, and nothing is checked', async () => {
  expect(await drop(Buffer.from(''), 'not a key')).toMatchObject({
    kind: 'bad',
    lines: [expect.stringContaining('Nothing was checked')],
  });
});
