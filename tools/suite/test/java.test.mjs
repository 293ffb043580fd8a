import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { installCommand, javaVersion, missingJavaSentence, requireJava } from '../emulators/java.mjs';

const VERSIONS = [
  ['java version "1.8.0_392"', 8],
  ['openjdk version "11.0.21" 2023-10-17', 11],
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx4g\nopenjdk version "21.0.1" 2023-10-17', 21],
];

for (const [output, version] of VERSIONS) {
  test(`reads ${version} from ${JSON.stringify(output)}`, () => assert.equal(javaVersion(String(output)), version));
}

test('reads no version from anything else', () => {
  assert.equal(javaVersion('The operation could not be completed. Unable to locate a Java Runtime.'), undefined);
});

test('the sentence tells missing from too old, and gives the command', () => {
  assert.match(missingJavaSentence(undefined, 'brew install x'), /^no Java was found .*`brew install x`/);
  assert.match(missingJavaSentence(8, 'brew install x'), /^Java 8 is too old .* 11 or newer/);
});

test('the command is that of the platform', async () => {
  assert.match(installCommand('darwin', {}), /^brew install/);
  await withPrograms({ 'apt-get': '' }, (folder) =>
    assert.match(installCommand('linux', { PATH: folder }), /apt-get install/),
  );
  await withPrograms({ dnf: '' }, (folder) => assert.match(installCommand('linux', { PATH: folder }), /dnf install/));
  assert.match(installCommand('linux', { PATH: '' }), /your package manager/);
});

test('JAVA_HOME comes first, unless it is too old', async () => {
  await withPrograms({ java: fakeJava('17.0.1') }, (onPath) =>
    withPrograms({ 'bin/java': fakeJava('21.0.1') }, async (home) => {
      const found = await requireJava({ PATH: onPath, JAVA_HOME: home });
      assert.ok(found.PATH.startsWith(join(home, 'bin')));
    }),
  );
  await withPrograms({ java: fakeJava('17.0.1') }, (onPath) =>
    withPrograms({ 'bin/java': fakeJava('1.8.0_1') }, async (home) => {
      assert.equal((await requireJava({ PATH: onPath, JAVA_HOME: home })).PATH, onPath);
    }),
  );
});

test('without Java, and nobody to install it, it is refused', async () => {
  await assert.rejects(requireJava({ PATH: '' }), { name: 'Refusal', message: /no Java was found/, exitCode: 1 });
});

/** @param {string} version */
function fakeJava(version) {
  return `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`;
}

/**
 * @param {Record<string, string>} programs content by path
 * @param {(folder: string) => void | Promise<void>} use
 */
async function withPrograms(programs, use) {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  try {
    for (const [path, content] of Object.entries(programs)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      chmodSync(join(folder, path), 0o755);
    }
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
