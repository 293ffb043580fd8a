import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { provideFirestoreEmulator, sdkRoot, writeStarterJar } from '../emulators/firestore-emulator-jar.mjs';
import { alreadyRunningSentence } from '../emulators/leftovers.mjs';
import { tellingLines } from '../emulators/suite-log.mjs';
import { requireNode } from '../building/platform-check.mjs';

test('an old Node and Windows are refused with what to do', () => {
  assert.throws(() => requireNode('18.20.4', 'linux'), /Node 20 or newer is needed and this is 18\.20\.4: install/);
  assert.throws(() => requireNode('22.1.0', 'win32'), /WSL/);
  assert.doesNotThrow(() => requireNode('20.0.0', 'linux'));
  assert.doesNotThrow(() => requireNode('24.1.0', 'darwin'));
});

test('a suite that runs already is named, with a way out', () => {
  assert.match(alreadyRunningSentence(123, 31000), /process 123\): stop it .*MUSTER_PORT_BASE=31000/);
});

test('a jar that is named but not there is refused', async () => {
  const env = { FIRESTORE_EMULATOR_BINARY_PATH: '/not/there.jar' };
  await assert.rejects(provideFirestoreEmulator(env), /\/not\/there\.jar, which does not exist: correct it/);
});

test('the root of the Google Cloud CLI is found through links, and not taken on faith', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, 'google-cloud-sdk');
  mkdirSync(join(root, 'bin'), { recursive: true });
  writeFileSync(join(root, 'bin', 'gcloud'), '');
  symlinkSync(join('google-cloud-sdk', 'bin', 'gcloud'), join(folder, 'gcloud'));
  assert.equal(sdkRoot(join(folder, 'gcloud')), undefined);
  mkdirSync(join(root, 'lib'));
  writeFileSync(join(root, 'lib', 'gcloud.py'), '');
  assert.match(sdkRoot(join(folder, 'gcloud')) ?? '', /google-cloud-sdk$/);
});

test('the starter jar is written once, to the cache of the user', (t) => {
  const cache = mkdtempSync(join(tmpdir(), 'cache-'));
  t.after(() => rmSync(cache, { recursive: true, force: true }));
  const first = writeStarterJar('/sdk/emulator.jar', { XDG_CACHE_HOME: cache });
  assert.ok(first.startsWith(join(cache, 'muster')));
  assert.equal(writeStarterJar('/sdk/emulator.jar', { XDG_CACHE_HOME: cache }), first);
  assert.notEqual(writeStarterJar('/other/emulator.jar', { XDG_CACHE_HOME: cache }), first);
});

test('what is shown of the log of a failed start is what tells why', () => {
  const log = 'boom\n\n┌───┐\n│ x │\n└───┘\n  Emulator Hub host: 127.0.0.1 port: 4400\nIssues? Report them\n';
  assert.equal(tellingLines(log), 'boom');
});
