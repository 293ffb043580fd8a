import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { requireJava } from '../emulators/java.mjs';
import { crc32, manifestJar, wrapManifestLine } from '../emulators/manifest-jar.mjs';

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

test('the checksum is CRC-32: its published check values', () => {
  assert.equal(crc32(Buffer.from('')), 0);
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(Buffer.from('The quick brown fox jumps over the lazy dog')), 0x414fa339);
});

test('the same manifest gives the same bytes', () => {
  const manifest = { mainClass: 'a.B', classPath: 'file:///x.jar' };
  assert.deepEqual(manifestJar(manifest), manifestJar(manifest));
});

test('Java starts the class that the manifest names, from a path with spaces', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'jar of a long name with spaces and ümlauts '));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const missing = join(folder, 'not there.jar');
  const jar = join(folder, 'starter.jar');
  writeFileSync(jar, manifestJar({ mainClass: 'no.such.Main', classPath: pathToFileURL(missing).href }));
  const { stderr } = spawnSync('java', ['-jar', jar], {
    encoding: 'utf8',
    env: { ...process.env, ...(await requireJava()) },
  });
  // It has read the zip and the manifest, and looked for the class: that is all this jar is for.
  assert.match(stderr, /no[./]such[./]Main/);
});
