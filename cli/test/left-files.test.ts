/** What a command leaves where it was typed is nothing that git takes: keys above all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { ED25519 } from '@muster/tlog/note';
import { newKeyFile } from '../src/audit/witness/key-file';

const SOURCES = resolve(__dirname, '../src');
const ROOT = resolve(__dirname, '../..');

/** Each source that makes files, and what it leaves: by its own name for them, or the one that the documentation has. */
const LEFT: Record<string, string[]> = {
  'audit/evidence/part-file.ts': [
    'export.jsonl',
    'export.jsonl.part',
    'export.jsonl.part.json',
    'x.csv.part.json.4711',
  ],
  'audit/evidence/prove-command.ts': ['entry.jsonl'],
  'audit/evidence/reveal-command.ts': ['export.jsonl.aud_0123.ip.json', 'export.csv.aud_0123.rationale.json'],
  // Through part-file.ts.
  'audit/evidence/run-export.ts': [],
  // The page itself, which is in this repository.
  'audit/evidence/verify-page-command.ts': [],
  'audit/witness/key-file.ts': ['muster-log.key', 'muster-witness.key'],
  'audit/witness/state-file.ts': ['witness.state', 'witness.state.17', 'witness.state.new-0123456789ab'],
  'audit/witness/vouch.ts': ['witness.state.evidence-0123456789abcdef.txt'],
  'chaos/files.ts': [
    'replay-20260331T090000Z.journal.json',
    'replay-20260331T090000Z.journal.json.4711',
    'gamedays/20260331T090000Z.json',
    'gamedays/20260331T090000Z/replay.journal.json',
  ],
  // In the user's own configuration.
  'credentials.ts': [],
};

const MAKES_FILES =
  /\b(?:writeFileSync|writeFile|openSync|open|copyFileSync|createWriteStream|appendFileSync)\((?!file, 'r'\))/u;

const sourcesThatMakeFiles = (): string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => {
      const text = readFileSync(join(SOURCES, file), 'utf8');
      return /from 'node:fs(?:\/promises)?'/u.test(text) && MAKES_FILES.test(text);
    })
    .map((file) => relative(SOURCES, join(SOURCES, file)));

test('each source that makes files is in the table', () => {
  expect(sourcesThatMakeFiles().toSorted()).toEqual(Object.keys(LEFT).toSorted());
});

test.each(Object.values(LEFT).flat())('%s is ignored, also in a folder', (name) => {
  for (const path of [name, ...(name.startsWith('gamedays/') ? [] : [`docs/${name}`])]) {
    const { status } = spawnSync('git', ['check-ignore', '--quiet', '--no-index', '--', path], { cwd: ROOT });
    expect([path, status]).toEqual([path, 0]);
  }
});

describe('a key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const git = (...args: string[]) => expect(spawnSync('git', args, { cwd: folder }).status).toBe(0);
  const keygen = (file: string) => newKeyFile(file, 'a.example/log', ED25519);
  const files = () => readdirSync(folder).filter((name) => name.includes('key'));

  test('goes into no repository that does not ignore it, and the refusal says where instead', async () => {
    git('init', '--quiet');
    const refused = { details: { next: expect.stringContaining('--out') } };
    await expect(keygen(join(folder, 'log.key'))).rejects.toMatchObject(refused);
    expect(files()).toEqual([]);
    writeFileSync(join(folder, '.gitignore'), '*.key\n');
    await keygen(join(folder, 'log.key'));
    await expect(keygen(join(folder, 'log-key.txt'))).rejects.toMatchObject(refused);
    expect(files()).toEqual(['log.key']);
  });

  test('outside of one, is for its owner alone', async () => {
    const file = join(folder, 'key.of-the-log');
    await keygen(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
