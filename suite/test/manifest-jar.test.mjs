import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { crc32ByHand, manifestJar, wrapManifestLine } from '../manifest-jar.mjs';

test('no manifest line is longer than 72 bytes, and unwrapping gives the line again', () => {
  for (const length of [1, 71, 72, 73, 143, 144, 500]) {
    const line = `Class-Path: ${'x'.repeat(length)}`;
    const wrapped = wrapManifestLine(line).split('\r\n');
    assert.equal(wrapped.pop(), '');
    assert.ok(wrapped.every((part) => Buffer.byteLength(part) <= 72));
    assert.ok(wrapped.slice(1).every((part) => part.startsWith(' ') && part.length > 1));
    assert.equal(wrapped.map((part, at) => (at === 0 ? part : part.slice(1))).join(''), line);
  }
});

test('the checksum written by hand is that of zlib', { skip: crc32 === undefined }, () => {
  for (const text of ['', 'a', 'Manifest-Version: 1.0\r\n'.repeat(40)]) {
    assert.equal(crc32ByHand(Buffer.from(text)), crc32(text));
  }
});

test('the same manifest gives the same bytes', () => {
  const manifest = { mainClass: 'a.B', classPath: 'file:///x.jar' };
  assert.deepEqual(manifestJar(manifest), manifestJar(manifest));
});

test('Java starts the class that the manifest names, from a path with spaces', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'jar of a long name with spaces and ümlauts '));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const missing = join(folder, 'not there.jar');
  const jar = join(folder, 'starter.jar');
  writeFileSync(jar, manifestJar({ mainClass: 'no.such.Main', classPath: pathToFileURL(missing).href }));
  const { stderr, error } = spawnSync('java', ['-jar', jar], { encoding: 'utf8' });
  if (error !== undefined) {
    t.skip('no Java on the PATH');
    return;
  }
  // It has read the zip and the manifest, and looked for the class: that is all this jar is for.
  assert.match(stderr, /no[./]such[./]Main/);
});

test('any other reader of zips accepts it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'jar-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const jar = join(folder, 'starter.jar');
  writeFileSync(jar, manifestJar({ mainClass: 'a.B', classPath: 'file:///x.jar' }));
  if (spawnSync('python3', ['--version']).status !== 0) {
    t.skip('no python3 to read it with');
    return;
  }
  const read =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.testzip(); print(z.read(z.namelist()[0]).decode())';
  const manifest = execFileSync('python3', ['-c', read, jar], { encoding: 'utf8' });
  assert.match(manifest, /Main-Class: a\.B\r?\nClass-Path: file:\/\/\/x\.jar/);
});
