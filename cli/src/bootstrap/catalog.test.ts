import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIO_CATALOG } from '../repository';
import { readCatalog } from './catalog';

const folderWith = (files: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-catalog-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};

test('every scenario of the catalog is valid, under the name of its file', () => {
  expect(readCatalog(SCENARIO_CATALOG).map(({ id }) => id)).toContain('token-compromise');
});

test('what is wrong in a file is named, and so is the file', () => {
  const folder = folderWith({ 'a.json': '{"title": "A", "kind": "guess"}', 'notes.txt': 'not read' });
  expect(() => readCatalog(folder)).toThrow(/a\.json is not a scenario/u);
  expect(() => readCatalog(folderWith({ 'b.json': '{' }))).toThrow(/b\.json is not a scenario/u);
  expect(() => readCatalog(folderWith({ 'a b.json': '{}' }))).toThrow(/a b\.json is not a scenario/u);
});

test('no folder is a sentence, not a stack', () => {
  expect(() => readCatalog('/no/such/folder')).toThrow('The catalog of scenarios cannot be read');
});
