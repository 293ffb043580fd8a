import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  installFailureSentence,
  installedMatches,
  isInstalled,
  lacksOnlyOtherPlatforms,
} from '../building/installation.mjs';
import { ROOT } from '../processes/places.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    functions: { version: '0.1.0' },
    'node_modules/@muster/functions': { link: true },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};
const without = (/** @type {string} */ path) => ({
  packages: Object.fromEntries(Object.entries(wanted.packages).filter(([name]) => name !== path)),
});

test('the same packages match, with or without those of another platform', () => {
  assert.equal(installedMatches(wanted, without('')), true);
  assert.equal(installedMatches(wanted, without('node_modules/other-platform')), true);
});

test('a missing package, a missing workspace and another version do not match', () => {
  assert.equal(installedMatches(wanted, without('node_modules/zod')), false);
  assert.equal(installedMatches(wanted, without('node_modules/@muster/functions')), false);
  const older = { packages: { ...wanted.packages, 'node_modules/zod': { version: '4.6.6' } } };
  assert.equal(installedMatches(wanted, older), false);
});

test('a checkout is installed only if npm finished there', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'checkout-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(wanted));
  assert.equal(isInstalled(root), false);
  mkdirSync(join(root, 'node_modules'));
  assert.equal(isInstalled(root), false);
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify(wanted));
  assert.equal(isInstalled(root), false, 'nothing of what is written down is there');
  for (const path of Object.keys(wanted.packages)) mkdirSync(join(root, path), { recursive: true });
  assert.equal(isInstalled(root), true);
  rmSync(join(root, 'node_modules', 'zod'), { recursive: true });
  assert.equal(isInstalled(root), false);
});

test('a failure for lack of network is told from others', () => {
  assert.match(installFailureSentence(true), /connect to the network/);
  assert.match(installFailureSentence(false), /for the reason above/);
});

test('no package is installed with its scripts, by whatever command', () => {
  const { stdout } = spawnSync('npm', ['config', 'get', 'ignore-scripts'], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(stdout.trim(), 'true');
});

/** @param {string} name */
const missing = (name) => `npm error Missing: ${name} from lock file`;

test('a lockfile without the binaries of other platforms is told from one that does not fit', () => {
  const platforms = [
    'npm error code EUSAGE',
    missing('@swc/core-darwin-arm64@'),
    missing('@oxlint/binding-win32-x64-msvc@1'),
  ];
  assert.equal(lacksOnlyOtherPlatforms(platforms.join('\n')), true);
  assert.equal(lacksOnlyOtherPlatforms([...platforms, missing('left-pad@1.3.0')].join('\n')), false);
  const invalid = "npm error Invalid: lock file's zod@4.6.6 does not satisfy zod@4.6.7";
  assert.equal(lacksOnlyOtherPlatforms([...platforms, invalid].join('\n')), false);
  assert.equal(lacksOnlyOtherPlatforms('npm error code EAI_AGAIN'), false);
});
