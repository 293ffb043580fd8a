import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { adoptExport, allowExport, dataToStartFrom, incomingFolder } from '../emulators/saved-data.mjs';

test('a finished export takes the place of the data', (t) => {
  const data = dataFolder(t, 'old');
  allowExport(data);
  writeExport(incomingFolder(data), 'new');
  assert.equal(adoptExport(data), true);
  assert.equal(contentOf(data), 'new');
  assert.deepEqual(readdirSync(join(data, '..')), ['data'], 'and nothing else is left');
});

test('the first export makes the data', (t) => {
  const data = dataFolder(t);
  allowExport(data);
  writeExport(incomingFolder(data), 'new');
  assert.equal(adoptExport(data), true);
  assert.equal(contentOf(data), 'new');
});

test('an export that was cut off changes nothing', (t) => {
  const data = dataFolder(t, 'old');
  allowExport(data);
  mkdirSync(incomingFolder(data));
  assert.equal(adoptExport(data), false);
  assert.equal(contentOf(data), 'old');
});

test('an export of a suite that had not loaded its data yet changes nothing', (t) => {
  const data = dataFolder(t, 'old');
  writeExport(incomingFolder(data), 'half');
  assert.equal(adoptExport(data), false);
  assert.equal(contentOf(data), 'old');
});

test('permission to export is for one run', (t) => {
  const data = dataFolder(t, 'old');
  allowExport(data);
  assert.equal(adoptExport(data), false);
  writeExport(incomingFolder(data), 'half');
  assert.equal(adoptExport(data), false);
  assert.equal(contentOf(data), 'old');
});

test('a program killed between the two moves has lost nothing', (t) => {
  const data = dataFolder(t, 'old');
  renameSync(data, `${data}.outgoing`);
  assert.equal(adoptExport(data), false);
  assert.equal(contentOf(data), 'old');

  renameSync(data, `${data}.outgoing`);
  allowExport(data);
  writeExport(incomingFolder(data), 'new');
  assert.equal(adoptExport(data), true);
  assert.equal(contentOf(data), 'new');
  assert.equal(existsSync(`${data}.outgoing`), false);
});

test('a start takes what was entered, unless the seed is wanted', (t) => {
  const data = dataFolder(t, 'old');
  assert.deepEqual(dataToStartFrom(data, { fresh: false }), { from: data, kind: 'entered' });
  assert.notEqual(dataToStartFrom(data, { fresh: true }).kind, 'entered');
});

/**
 * @param {import('node:test').TestContext} t
 * @param {string} [content]
 */
function dataFolder(t, content) {
  const folder = mkdtempSync(join(tmpdir(), 'saved-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  if (content !== undefined) writeExport(data, content);
  return data;
}

/**
 * @param {string} folder
 * @param {string} content
 */
function writeExport(folder, content) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'firebase-export-metadata.json'), content);
}

/** @param {string} folder */
function contentOf(folder) {
  return readFileSync(join(folder, 'firebase-export-metadata.json'), 'utf8');
}
