import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { AMBIENT_ALLOWED, EDGE, violationsIn } from './import-rules';
import { readSource, type SourceFile } from './source-file';

const ROOT = resolve(__dirname, '../../..');

const sourcesUnder = (folder: string): SourceFile[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.ts$/u.test(name) && !/\.test\.ts$|\.d\.ts$|node_modules/u.test(name))
        .map((name) => join(ROOT, folder, name))
        .map((path) => readSource(relative(ROOT, path), readFileSync(path, 'utf8')))
    : [];

const sources = ['functions/src', 'guard/src', 'chaos/src', 'tlog/src', 'cli/src', 'web/src'].flatMap(sourcesUnder);

test('no import exists that must not, and nothing asks the machine behind its caller’s back', () => {
  expect(sources.length).toBeGreaterThan(60);
  expect(violationsIn(sources)).toEqual([]);
});

const asks = (file: SourceFile | undefined, name: string): boolean =>
  file !== undefined && (file.ambient.includes(name) || file.imports.some(({ specifier }) => specifier === name));

test('every exception is still needed', () => {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const idleEdge = EDGE.filter(
    (path) => !byPath.get(path)?.imports.some(({ specifier }) => /firebase|google/u.test(specifier)),
  );
  const idleAmbient = Object.entries(AMBIENT_ALLOWED).flatMap(([path, names]) =>
    names.filter((name) => !asks(byPath.get(path), name)).map((name) => `${path}: ${name}`),
  );
  expect([...idleEdge, ...idleAmbient]).toEqual([]);
});

/** A house of a few good files, into which one bad one is planted at a time. */
const HOUSE: Record<string, string> = {
  'functions/src/contract/drills.ts': "import { z } from 'zod'; export const a = z.string();",
  'functions/src/platform/operation.ts': "import { a } from '../contract/drills'; export const b = a;",
  'functions/src/platform/params.ts':
    "import { defineInt } from 'firebase-functions/params'; export const c = defineInt;",
  'functions/src/features/drills/index.ts': "export { d } from './start-drill';",
  'functions/src/features/drills/start-drill.ts': "import { b } from '../../platform/operation'; export const d = b;",
  'functions/src/features/audit/audit-reader.ts': 'export const e = 1;',
  'functions/src/compose.ts': "import { d } from './features/drills'; export const f = d;",
  'functions/test/harness.ts': 'export const g = 1;',
};
const withPlanted = (path: string, text: string) =>
  violationsIn(Object.entries({ ...HOUSE, [path]: text }).map(([name, content]) => readSource(name, content)));

test('the house without a planted file is clean', () => {
  expect(withPlanted('guard/src/clock.ts', 'export const now = () => new Date();')).toEqual([]);
});

const OPERATION = 'functions/src/features/drills/planted.ts';

test.each([
  [
    'the guard, a feature',
    'guard/src/planted.ts',
    "import { d } from '../../functions/src/features/drills'; export const x = d;",
    'the guard imports more than the contract',
  ],
  [
    'the contract, the guard',
    'functions/src/contract/planted.ts',
    "export * from '../../../guard/src/planted-too';",
    'contract imports more than the contract',
  ],
  [
    'platform → feature',
    'functions/src/platform/planted.ts',
    "import { e } from '../features/audit/audit-reader';",
    'platform imports a feature',
  ],
  [
    'platform → feature, by type',
    'functions/src/platform/planted.ts',
    "import type { e } from '../features/audit/audit-reader';",
    'platform imports a feature',
  ],
  [
    'contract → Firebase',
    'functions/src/contract/planted.ts',
    "import { x } from 'firebase-admin/auth';",
    'names Firebase',
  ],
  [
    'contract → Firebase, by type',
    'functions/src/contract/planted.ts',
    "import type { x } from '@google-cloud/firestore';",
    'names Firebase',
  ],
  [
    'contract → platform',
    'functions/src/contract/planted.ts',
    "export * from '../platform/operation';",
    'contract imports more',
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
    'a feature imports another',
  ],
  [
    'feature → a file of another feature',
    'functions/src/features/audit/planted.ts',
    "import type { d } from '../drills/start-drill';",
    'a feature imports another',
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
    "import { b } from '../../functions/src/platform/operation';",
    'a client imports more',
  ],
  [
    'cli → functions, as a package',
    'cli/src/planted.ts',
    "import { b } from '@muster/functions/src/platform/operation';",
    'a client imports more',
  ],
  [
    'web → functions, later',
    'web/src/planted.ts',
    "export const x = import('../../functions/src/compose');",
    'a client imports more',
  ],
  [
    'chaos → functions',
    'chaos/src/planted.ts',
    "import { b } from '../../functions/src/platform/operation';",
    'a client imports more',
  ],
  ['chaos → Firebase', 'chaos/src/planted.ts', "import { x } from 'firebase-admin/app';", 'names Firebase'],
  ['the log → Node', 'tlog/src/planted.ts', "import { hash } from 'node:crypto';", 'the log asks for Node'],
  [
    'the log → the guard',
    'tlog/src/planted.ts',
    "import { x } from '../../guard/src/clock';",
    'the log imports more than itself',
  ],
  ['the log → environment', 'tlog/src/planted.ts', "export const x = process.env['A'];", 'uses process'],
  ['chaos → environment', 'chaos/src/planted.ts', "export const x = process.env['CHAOS_MODE'];", 'uses process'],
  [
    'source → test',
    'functions/src/platform/planted.ts',
    "import { g } from '../../test/harness';",
    'source imports a test',
  ],
  [
    'a cycle',
    'functions/src/contract/drills.ts',
    "import { b } from '../platform/operation'; export const a = b;",
    'is part of a cycle',
  ],
])('%s is found', (_rule, path, text, problem) => {
  expect(withPlanted(path, text)).toEqual(expect.arrayContaining([expect.stringContaining(`${path}: ${problem}`)]));
});

test.each([
  ['a reader of another feature', OPERATION, "import { e } from '../audit/audit-reader';"],
  ['the contract, by a client', 'cli/src/planted.ts', "import { a } from '../../functions/src/contract/drills';"],
  ['the contract, by chaos', 'chaos/src/planted.ts', "import { a } from '../../functions/src/contract/drills';"],
  ['a date of a given time', OPERATION, 'export const x = (at: string) => new Date(at);'],
  ['a member that has an ambient name', OPERATION, 'export const x = (y: { process: number }) => y.process;'],
  ['a word in a comment or a text', OPERATION, "// Date.now()\nexport const x = 'import firebase-admin';"],
])('%s is allowed', (_what, path, text) => {
  expect(withPlanted(path, text)).toEqual([]);
});
