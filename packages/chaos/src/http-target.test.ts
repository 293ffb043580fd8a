import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { EXPERIMENTS, httpTarget, runExperiment } from '.';

const EMULATED = { functionsUrl: 'http://127.0.0.1:5001/demo-shop/us-central1', firestoreEmulator: '127.0.0.1:8080' };
const REAL = {
  project: 'shop',
  functionsUrl: 'https://us-central1-shop.cloudfunctions.net',
  firestoreEmulator: undefined,
};

const sent: string[] = [];
const place = {
  project: 'demo-shop',
  ...EMULATED,
  token: async () => 'a token of nobody',
  fetch: async (url: string) => {
    sent.push(url);
    return new Response('{}', { status: 503 });
  },
  now: () => 0,
};
beforeEach(() => sent.splice(0));

test.each<[string, object, string]>([
  ['no Firestore emulator for emulated functions', { firestoreEmulator: undefined }, 'firestoreEmulator: missing'],
  ['an empty one', { firestoreEmulator: '' }, 'firestoreEmulator:'],
  [
    'none, at localhost',
    { functionsUrl: 'http://localhost:5001/x', project: 'shop', firestoreEmulator: undefined },
    'missing',
  ],
  ['none, for a project that only emulators have', { ...REAL, project: 'demo-shop' }, 'firestoreEmulator: missing'],
  ['an emulator for real functions', { ...REAL, firestoreEmulator: '127.0.0.1:8080' }, 'functionsUrl:'],
  ['an emulator that is no address', { firestoreEmulator: 'a b' }, 'firestoreEmulator:'],
  ['no functions', { functionsUrl: undefined }, 'functionsUrl:'],
  ['no project', { project: undefined }, 'project:'],
  ['no token', { token: 'text' }, 'token:'],
  ['nothing to fetch with', { fetch: undefined }, 'fetch:'],
  ['no clock', { now: undefined }, 'now:'],
])('with %s nothing is sent', (_what, wrong, named) => {
  expect(() => httpTarget({ ...place, ...wrong })).toThrow(named);
  expect(sent).toEqual([]);
});

test('a place that says nothing of Firestore at all is refused, as one that forgot it', () => {
  const { firestoreEmulator: _, ...forgotten } = { ...place, ...REAL };
  expect(() => httpTarget(forgotten as never)).toThrow('firestoreEmulator:');
});

test('emulators are asked where they are, and a real project where it is', async () => {
  await httpTarget(place).timesOf('muster_audit/one');
  await httpTarget({ ...place, ...REAL }).timesOf('muster_audit/one');
  expect(sent.map((url) => new URL(url).host)).toEqual(['127.0.0.1:8080', 'firestore.googleapis.com']);
});

/** The example of the README, run with what it leaves to the reader. */
const example = async (given: Record<string, unknown>): Promise<unknown> => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/u.exec(readme) ?? [];
  const all: Record<string, unknown> = {
    ...{ EXPERIMENTS, httpTarget, runExperiment, ...place },
    ...{ process: { env: { CHAOS_MODE: 'true' } }, console: { error: () => undefined } },
    ...{ sleep: async () => undefined, newId: () => '0123456789abcdef', platform: 'here', node: 'here' },
    ...{ writeFile: async () => undefined, interrupted: new AbortController().signal, ...given },
  };
  const body = code.replaceAll(/^import .*$/gmu, '');
  const run = compileFunction(`return (async () => { ${body} })()`, Object.keys(all)) as (
    ...given: unknown[]
  ) => unknown;
  return run(...Object.values(all));
};

test('the example of the README asks no real Firestore for an emulated project', async () => {
  await expect(example({})).rejects.toThrow();
  expect(sent.length).toBeGreaterThan(0);
  expect([...new Set(sent.map((url) => new URL(url).hostname))]).toEqual(['127.0.0.1']);
});

test('and is refused, not sent to a real Firestore, when its emulator was forgotten', async () => {
  await expect(example({ firestoreEmulator: undefined })).rejects.toThrow('firestoreEmulator: missing');
  expect(sent).toEqual([]);
});
