/** What the pages tell people to type can be typed: every command and every option in them exists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Machine } from '../src/machine';
import { buildProgram } from '../src/program';

const ROOT = join(__dirname, '..', '..');
const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const PAGES = ['README.md', 'CONTRIBUTING.md', ...inFolder('docs'), ...inFolder('docs/runbooks')];

const program = buildProgram({ stdout: process.stdout, stderr: process.stderr, env: {} } as unknown as Machine);

/** Lines of blocks that a shell takes, each with the lines that it goes on in. A Hosting target is called `muster`, too. */
const linesIn = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n(.*?)^```/gmsu)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/gu, ' ').split('\n'))
    .flatMap((line) =>
      [...line.matchAll(/(?:^|(?<!target:apply hosting)\s|\()(?:npm run muster --|muster) (.*)$/gu)].map(
        ([, typed = '']) => typed,
      ),
    );

/** `muster drill start` within a sentence. */
const namedIn = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/`muster ([a-z][^`\n]*)`/gu)].map(([, typed = '']) => typed);

const LINES = PAGES.flatMap((page) =>
  [...new Set([...linesIn(page), ...namedIn(page)])].map((line) => [page, line.trim()] as const),
);

/** Quoted text may hold anything; what comes after a pipe or a comment is of somebody else. */
const wordsOf = (line: string): string[] =>
  (line.replaceAll(/'[^']*'|"[^"]*"/gu, 'TEXT').split(/ [#|>&]/u)[0] ?? '').split(/\s+/u).filter(Boolean);

const commandIn = (words: readonly string[]): { command: Command; left: string[] } => {
  let command = program;
  // `enter|exit` names two of one kind.
  const left = words.map((word) => word.split('|')[0] ?? '');
  for (;;) {
    const [word = ''] = left;
    const found = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!found) break;
    command = found;
    left.shift();
  }
  // Alone, a group is its default command: its options are those.
  const standsIn = command.commands.find(
    (one) => one.name() === { audit: 'query', policy: 'show', connector: 'health' }[command.name()],
  );
  return { command: standsIn ?? command, left };
};

test('there are such lines', () => expect(LINES.length).toBeGreaterThan(30));

test.each(LINES)('%s: muster %s', (_, line) => {
  const words = wordsOf(line);
  const { command, left } = commandIn(words);
  expect(command.name()).not.toBe(program.name());
  const known = [...command.options, ...program.options].map(({ long }) => long);
  const options = left.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
  expect(options.filter((word) => !known.includes(word))).toEqual([]);
});
