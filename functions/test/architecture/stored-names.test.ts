/** What Muster stores beside a product, under names that are nobody else's: in rules, indexes, sources, tools and docs alike. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { COLLECTIONS, PREFIX, TTL_FIELD } from '@muster/core/storage/paths';
import { declaredIndexes } from '../indexes/index-file';
import { helpersFile, markedIn, musterRules } from '../rules/rules-files';

const ROOT = resolve(__dirname, '../../..');
const FOLDERS = ['functions/src', 'functions/test', 'packages', 'cli', 'tools', 'docs', 'web'];

/** Files that speak of what a product stores under the same names. */
const OF_OTHERS = [
  'functions/test/architecture/stored-names.test.ts',
  'functions/test/rules/product-rules.ts',
  'functions/test/rules/product-rules.emulator.test.ts',
];

const files = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md'],
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|tsx|mjs|cjs|md)$/u.test(name) && !/node_modules|(?:^|\/)lib\//u.test(name))
      .map((name) => `${folder}/${name}`),
  ),
].filter((path) => !OF_OTHERS.includes(path));

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const known = (name: string): boolean => COLLECTIONS.some((one) => name === `${PREFIX}${one}`);

/** Where something stands in the files, as `file: what`. */
const found = (pattern: RegExp, wrong: (match: RegExpMatchArray) => boolean = () => true): string[] =>
  files.flatMap((path) =>
    [...textOf(path).matchAll(pattern)].filter(wrong).map(([all]) => `${path}: ${all.replaceAll(/\s+/gu, ' ')}`),
  );

const NAMES = COLLECTIONS.join('|');

test('rules match, and look up, what is in the list alone', () => {
  const rules = markedIn(musterRules(), 'muster');
  const matched = [...rules.matchAll(/match \/(\w+)\//gu)].map(([, name = '']) => name);
  const lookedUp = [...(rules + helpersFile()).matchAll(/documents\/(\w+)\//gu)].map(([, name = '']) => name);
  expect(matched.filter((name) => name !== 'databases' && !known(name))).toEqual([]);
  expect(lookedUp.filter((name) => !known(name))).toEqual([]);
  expect([matched.length > 20, lookedUp.length > 5]).toEqual([true, true]);
});

test('indexes and TTL policies are for what is in the list alone, and TTL goes by one field', () => {
  const { indexes, fieldOverrides } = declaredIndexes();
  const groups = [...indexes, ...fieldOverrides].map(({ collectionGroup }) => collectionGroup);
  expect(groups.filter((name) => !known(name))).toEqual([]);
  const byTtl = fieldOverrides.filter(({ ttl, fieldPath }) => ttl === true || fieldPath === TTL_FIELD);
  expect(byTtl.filter(({ ttl, fieldPath }) => ttl !== true || fieldPath !== TTL_FIELD)).toEqual([]);
  expect(byTtl.length).toBeGreaterThan(5);
});

test('nobody asks the database for a name without the prefix', () => {
  const asked = new RegExp(
    `\\b(?:doc|collection|collectionGroup|documentAt|given)\\(\\s*(?:\\w+(?:\\(\\))?, )?['"\`](?:${NAMES})['"\`/]`,
    'gu',
  );
  expect(found(asked)).toEqual([]);
  expect('firestore.doc(`drills/one`)').toMatch(asked);
});

test('no page and no comment says where a document stands without the prefix', () => {
  const said = new RegExp(`\`(?:${NAMES})/(?:current|holds|expected|…|\\{\\w+\\})`, 'gu');
  expect(found(said)).toEqual([]);
  expect('stands in `policy/current`').toMatch(said);
});

test('whatever is written with the prefix is in the list: nothing has a second spelling', () => {
  const spelled = /(?<=['"`/])muster_(\w+)(?=['"`/])/gu;
  const made = new Set(['muster_ada', 'muster_one', 'muster_later']);
  expect(found(spelled, ([name]) => !known(name) && !made.has(name))).toEqual([]);
  expect(found(spelled).length).toBeGreaterThan(200);
});
