import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { AMBIENT_ALLOWED, EDGE, FEATURES, PACKAGES } from './allowed-imports';
import { violationsIn } from './import-rules';
import { readSource, type SourceFile } from './source-file';

const ROOT = resolve(__dirname, '../../..');

const sourcesUnder = (folder: string): SourceFile[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/u.test(name) && !/\.test\.tsx?$|\.d\.ts$|node_modules/u.test(name))
        .map((name) => join(ROOT, folder, name))
        .map((path) => readSource(relative(ROOT, path), readFileSync(path, 'utf8')))
    : [];

const sources = Object.values(PACKAGES).flatMap(({ folder }) =>
  sourcesUnder(folder.startsWith('web/') ? folder : `${folder}/src`),
);

test('no import exists that must not, and nothing asks the machine behind its caller’s back', () => {
  expect(sources.length).toBeGreaterThan(400);
  expect(violationsIn(sources)).toEqual([]);
});

const asks = (file: SourceFile | undefined, name: string): boolean =>
  file !== undefined && (file.ambient.includes(name) || file.imports.some(({ specifier }) => specifier === name));

test('every exception is still needed, and every edge is used', () => {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const idleEdge = EDGE.filter(
    (path) => !byPath.get(path)?.imports.some(({ specifier }) => /firebase|google/u.test(specifier)),
  );
  const idleAmbient = Object.entries(AMBIENT_ALLOWED).flatMap(([path, names]) =>
    names.filter((name) => !asks(byPath.get(path), name)).map((name) => `${path}: ${name}`),
  );
  const idleFeatures = Object.entries(FEATURES).flatMap(([from, others]) =>
    others
      .filter((to) => !sources.some(({ path, imports }) => isBetween(path, imports, from, to)))
      .map((to) => `${from} → ${to}`),
  );
  expect([...idleEdge, ...idleAmbient, ...idleFeatures]).toEqual([]);
});

const isBetween = (path: string, imports: SourceFile['imports'], from: string, to: string): boolean =>
  path.startsWith(`functions/src/features/${from}/`) &&
  imports.some(({ specifier }) => specifier.includes(`/${to}/for-others/`));

test('each feature that there is stands in the table', () => {
  const found = readdirSync(join(ROOT, 'functions/src/features'));
  expect(found.toSorted()).toEqual(Object.keys(FEATURES).toSorted());
});

/** A relative path, or a name, in the tests of whichever package or tool. */
test('no test and no tool leaves its package by a path', () => {
  const folders = [
    ...Object.values(PACKAGES).map(({ folder }) => folder),
    'tools/bench',
    'tools/seed',
    'tools/api-docs',
  ];
  const leaving = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/node_modules|(?:^|\/)lib\/|(?:^|\/)dist\//u.test(name))
      .flatMap((name) =>
        readSource(name, readFileSync(join(ROOT, folder, name), 'utf8'))
          .imports.filter(({ specifier }) => specifier.startsWith('.') && !/package\.json$/u.test(specifier))
          .filter(({ specifier }) => relative(folder, join(folder, name, '..', specifier)).startsWith('..'))
          .map(({ specifier }) => `${folder}/${name}: ${specifier}`),
      ),
  );
  expect(leaving).toEqual([]);
});

/** A house of a few good files, into which one bad one is planted at a time. */
const HOUSE: Record<string, string> = {
  'packages/contract/src/drills.ts': "import { z } from 'zod'; export const a = z.string();",
  'functions/src/platform/operations/operation.ts': "import { a } from '@muster/contract/drills'; export const b = a;",
  'functions/src/platform/params.ts':
    "import { defineInt } from 'firebase-functions/params'; export const c = defineInt;",
  'functions/src/features/drills/index.ts': "export { d } from './start-drill';",
  'functions/src/features/drills/start-drill.ts':
    "import { b } from '../../platform/operations/operation'; export const d = b;",
  'functions/src/features/audit/for-others/audit-reader.ts': 'export const e = 1;',
  'functions/src/compose.ts': "import { d } from './features/drills'; export const f = d;",
  'functions/test/harness.ts': 'export const g = 1;',
};
const withPlanted = (path: string, text: string) =>
  violationsIn(Object.entries({ ...HOUSE, [path]: text }).map(([name, content]) => readSource(name, content)));

test('the house without a planted file is clean', () => {
  expect(withPlanted('packages/core/src/clock.ts', 'export const now = () => new Date();')).toEqual([]);
});

const OPERATION = 'functions/src/features/drills/planted.ts';

test.each([
  [
    'guard → a feature',
    'packages/guard/src/planted.ts',
    "import { d } from '@muster/functions/features/drills/index'; export const x = d;",
    'guard may not import functions',
  ],
  [
    'contract → guard, by a path',
    'packages/contract/src/planted.ts',
    "export * from '../../guard/src/clock';",
    'leaves its package by a path: import it by name (@muster/guard/…)',
  ],
  [
    'platform → feature',
    'functions/src/platform/planted.ts',
    "import { e } from '../features/audit/for-others/audit-reader';",
    'platform imports a feature',
  ],
  [
    'platform → feature, by type',
    'functions/src/platform/planted.ts',
    "import type { e } from '../features/audit/for-others/audit-reader';",
    'platform imports a feature',
  ],
  [
    'contract → Firebase',
    'packages/contract/src/planted.ts',
    "import { x } from 'firebase-admin/auth';",
    'names Firebase',
  ],
  [
    'contract → Firebase, by type',
    'packages/contract/src/planted.ts',
    "import type { x } from '@google-cloud/firestore';",
    'names Firebase',
  ],
  [
    'contract → platform',
    'packages/contract/src/planted.ts',
    "export * from '@muster/functions/platform/operations/operation';",
    'contract may not import functions',
  ],
  ['decision → Firebase', OPERATION, "export type T = import('firebase-admin/auth').Auth;", 'names Firebase'],
  ['decision → Firebase, later', OPERATION, "export const x = () => require('firebase-admin');", 'names Firebase'],
  [
    'decision → Firebase, through another file',
    OPERATION,
    "import { c } from '../../platform/params';",
    'reaches Firebase',
  ],
  [
    'platform → Firebase, past the edge',
    'functions/src/platform/planted.ts',
    "import { x } from 'firebase-functions/v2';",
    'names Firebase',
  ],
  [
    'feature → feature',
    'functions/src/features/audit/planted.ts',
    "import { d } from '../drills';",
    'audit may not import drills',
  ],
  [
    'feature → a file of another feature',
    'functions/src/features/audit/planted.ts',
    "import type { d } from '../drills/start-drill';",
    'audit may not import drills',
  ],
  [
    'feature → a file of another feature that is not for others',
    OPERATION,
    "import { e } from '../audit/query-audit';",
    'reaches into audit: what it offers to others stands in its for-others/',
  ],
  [
    'timeline → a feature',
    'functions/src/timeline/planted.ts',
    "import type { d } from '../features/drills/start-drill';",
    'the timeline is pure',
  ],
  ['feature → wiring', OPERATION, "import { f } from '../../compose';", 'a feature imports what wires it'],
  ['operation → files', OPERATION, "import { readFileSync } from 'node:fs';", 'asks the machine'],
  ['operation → environment', OPERATION, "export const x = process.env['A'];", 'uses process'],
  ['operation → clock', OPERATION, 'export const x = () => Date.now();', 'uses Date.now'],
  ['operation → clock, as a date', OPERATION, 'export const x = () => new Date();', 'uses new Date()'],
  ['operation → chance', OPERATION, 'export const x = () => Math.random();', 'uses Math.random'],
  ['operation → network', OPERATION, "export const x = () => fetch('https://a.example');", 'uses fetch'],
  [
    'cli → functions',
    'cli/src/planted.ts',
    "import { b } from '../../functions/src/platform/operations/operation';",
    'leaves its package by a path',
  ],
  [
    'cli → functions, as a package',
    'cli/src/planted.ts',
    "import { b } from '@muster/functions/platform/operations/operation';",
    'cli may not import functions',
  ],
  [
    'web → functions, later',
    'web/console/src/planted.ts',
    "export const x = import('@muster/functions/compose');",
    'console may not import functions',
  ],
  [
    'chaos → functions',
    'packages/chaos/src/planted.ts',
    "import { b } from '@muster/functions/platform/operations/operation';",
    'chaos may not import functions',
  ],
  ['chaos → Firebase', 'packages/chaos/src/planted.ts', "import { x } from 'firebase-admin/app';", 'names Firebase'],
  ['the log → Node', 'packages/tlog/src/planted.ts', "import { hash } from 'node:crypto';", 'asks for Node'],
  [
    'the log → the guard',
    'packages/tlog/src/planted.ts',
    "import { x } from '@muster/core/clock';",
    'tlog may not import core',
  ],
  ['the log → environment', 'packages/tlog/src/planted.ts', "export const x = process.env['A'];", 'uses process'],
  [
    'chaos → environment',
    'packages/chaos/src/planted.ts',
    "export const x = process.env['CHAOS_MODE'];",
    'uses process',
  ],
  [
    'source → test',
    'functions/src/platform/planted.ts',
    "import { g } from '../../test/harness';",
    'source imports a test',
  ],
  [
    'a circle',
    'packages/contract/src/drills.ts',
    "import { b } from '@muster/functions/platform/operations/operation'; export const a = b;",
    'is part of a circle',
  ],
  [
    'a circle of types',
    'functions/src/features/drills/start-drill.ts',
    "import type { d } from './index'; export type X = typeof d;",
    'is part of a circle',
  ],
])('%s is found', (_rule, path, text, problem) => {
  expect(withPlanted(path, text)).toEqual(expect.arrayContaining([expect.stringContaining(`${path}: ${problem}`)]));
});

test.each([
  ['a reader of another feature', OPERATION, "import { e } from '../audit/for-others/audit-reader';"],
  ['the contract, by a client', 'cli/src/planted.ts', "import { a } from '@muster/contract/drills';"],
  ['the contract, by chaos', 'packages/chaos/src/planted.ts', "import { a } from '@muster/contract/drills';"],
  ['a date of a given time', OPERATION, 'export const x = (at: string) => new Date(at);'],
  ['a member that has an ambient name', OPERATION, 'export const x = (y: { process: number }) => y.process;'],
  ['a word in a comment or a text', OPERATION, "// Date.now()\nexport const x = 'import firebase-admin';"],
])('%s is allowed', (_what, path, text) => {
  expect(withPlanted(path, text)).toEqual([]);
});
