/** `docs/architecture.md` is for strangers, who believe it: what can be checked of it is. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PACKAGES } from './allowed-imports';

const ROOT = resolve(__dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
const sectionOf = (title: string): string => page.split(/^## /mu).find((one) => one.startsWith(title)) ?? '';
const PATH = /^(?:functions|packages|cli|web|catalog|tools|emulator-data|docs|adr)\/|^firestore\./u;
const codeIn = (text: string): string[] => [...text.matchAll(/`([^`\s]+)`/gu)].flatMap(([, code = '']) => code);

test('each path on the page exists', () => {
  const paths = codeIn(page).filter((code) => PATH.test(code));
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('each file that is named without its folder is there once the folder is known', () => {
  const named = [...page.matchAll(/`([\w./-]+\/)` takes[^`]*|`(\w[\w-]+\.ts)`/gu)].flatMap(([, , name]) => name ?? []);
  const known = ['transport', 'operations', 'adapters'].map((room) => `functions/src/platform/${room}/`);
  const examples = new Set(['drill.ts', 'kill-switch.ts', 'X-document.ts', 'X-audit.ts', 'X-errors.ts']);
  const lost = named.filter((name) => !examples.has(name) && !known.some((room) => existsSync(join(ROOT, room, name))));
  expect(lost).toEqual([]);
});

test('each of the ten laws has a test that keeps it', () => {
  const rows = sectionOf('Ten laws')
    .split('\n')
    .filter((line) => /^\|\s+\d+ \|/u.test(line));
  expect(rows.map((row) => Number(/\d+/u.exec(row)?.[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const row of rows) expect(codeIn(row).filter((code) => /\/test\/|\.test\.ts$/u.test(code))).not.toEqual([]);
});

test('each package of the table stands on the page, and at least twenty changes have their place', () => {
  for (const { folder } of Object.values(PACKAGES)) expect(sectionOf('The house')).toContain(`\`${folder}/\``);
  const changes = sectionOf('Where do I change')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(changes.length).toBeGreaterThanOrEqual(20);
  expect(changes.filter((row) => codeIn(row).length === 0)).toEqual([]);
});
