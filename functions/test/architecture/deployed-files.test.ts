/** What a deploy uploads, and what the uploaded installs: the bundle runs with what is beside it, and nothing more is there. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { readdirRecursive } from 'firebase-tools/lib/fsAsync';
import { bundleTo, DEPLOYED, ROOT } from './deploy-folder';

interface Package {
  name?: string;
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}
interface Lockfile {
  packages: Record<string, Package>;
}

const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));
const manifest = readJson(DEPLOYED, 'package.json') as Package & { engines: object; main: string };
const locked = (readJson(DEPLOYED, 'package-lock.json') as Lockfile).packages;
const tested = (readJson(ROOT, 'package-lock.json') as Lockfile).packages;

/** Asked for within a try, by libraries that do without: node-fetch for texts that are not in UTF-8. */
const DONE_WITHOUT = ['encoding'];

const requiredBy = (bundle: string): Set<string> =>
  new Set(
    [...bundle.matchAll(/\b(?:require|require\.resolve|import)\(\s*["'`]([^"'`]+)["'`]/gu)].map(
      ([, name = '']) => name,
    ),
  );

const missingIn = (bundle: string): string[] =>
  [...requiredBy(bundle)]
    .filter((name) => !builtinModules.includes(name.replace(/^node:/u, '')) && !DONE_WITHOUT.includes(name))
    .filter((name) => !(nameOfPackage(name) in (manifest.dependencies ?? {})));

const nameOfPackage = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

let folder: string;
let bundle: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-deployed-'));
  cpSync(DEPLOYED, folder, { recursive: true, filter: (from) => basename(from) !== 'lib' });
  bundleTo(join(folder, manifest.main));
  bundle = readFileSync(join(folder, manifest.main), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the bundle requires nothing but Node and what the deployed package names, also where it requires late', () => {
  expect(missingIn(bundle)).toEqual([]);
  // The one name that is computed: Express loads what renders a view, and there is none.
  expect([...bundle.matchAll(/\brequire\(([A-Za-z_$][\w$]*)\)/gu)]).toHaveLength(1);
  expect(missingIn(`${bundle};()=>require("pg-native")`)).toEqual(['pg-native']);
  expect(missingIn(`${bundle};await import('firebase-admin/app')`)).toEqual(['firebase-admin/app']);
});

test('the deployed package names firebase-functions, exactly, and Node 22', () => {
  expect(manifest.dependencies).toEqual({ 'firebase-functions': tested['node_modules/firebase-functions']?.version });
  expect(manifest.engines).toEqual({ node: '22' });
});

test('its lockfile is of that package, leads to no registry, and has the versions that are tested here', () => {
  expect(locked['']).toMatchObject({ dependencies: manifest.dependencies });
  for (const [path, { version, resolved }] of Object.entries(locked)) {
    if (path === '') continue;
    expect({ path, version, resolved }).toEqual({ path, version: expect.stringMatching(/^\d/u), resolved: undefined });
  }
  // The SDK's own peer, which npm installs beside it and discovery loads.
  for (const name of ['firebase-functions', 'firebase-admin'])
    expect(locked[`node_modules/${name}`]?.version).toBe(tested[`node_modules/${name}`]?.version);
});

test('every package of the lockfile finds in it what it needs', () => {
  const needs = Object.entries(locked).flatMap(([path, { dependencies, peerDependencies, peerDependenciesMeta }]) => {
    const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
    return [...Object.keys(dependencies ?? {}), ...peers].map((name) => ({ path, name }));
  });
  expect(needs.length).toBeGreaterThan(100);
  expect(
    needs.filter(({ path, name }) => !foldersAbove(path).some((above) => `${above}node_modules/${name}` in locked)),
  ).toEqual([]);
});

/** Where Node looks for a package from a folder of the lockfile: there, and in each folder that holds it. */
const foldersAbove = (path: string): string[] => {
  const parts = path === '' ? [] : path.split(/\/?node_modules\//u).slice(1);
  return parts.reduce((folders, part) => [...folders, `${folders.at(-1) ?? ''}node_modules/${part}/`], ['']);
};

test('the bundle, its map and the two package files are uploaded, and nothing else that may lie there', async () => {
  const { functions } = readJson(ROOT, 'firebase.json') as {
    functions: { source: string; configDir: string; ignore: string[] }[];
  };
  const [codebase] = functions;
  expect(functions).toHaveLength(1);
  expect(codebase).toMatchObject({ source: relative(ROOT, DEPLOYED), configDir: 'functions' });
  for (const name of ['firebase-debug.log', '.secret.local']) writeFileSync(join(folder, name), '');
  // What firebase-tools packs by.
  const files = await readdirRecursive({ path: folder, ignore: codebase?.ignore ?? [] });
  expect(files.map(({ name }) => relative(folder, name)).toSorted()).toEqual([
    'lib/index.js',
    'lib/index.js.map',
    'package-lock.json',
    'package.json',
  ]);
});
