import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The program of a package, wherever npm put it. */
const program = (name: string, path: string): string =>
  join(dirname(require.resolve(`${name}/package.json`, { paths: [__dirname] })), path);

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 50_000_000 });

// Programs of their own, because they are ES modules and Jest is set up for CommonJS.
test('docs/openapi.json is valid for a validator that others wrote', () => {
  const { stdout } = run(
    program('@seriousme/openapi-schema-validator', 'bin/validate-api-cli.js'),
    'docs/openapi.json',
  );
  expect(JSON.parse(stdout)).toEqual({ valid: true });
});

test('a client is generated from docs/openapi.json, and a product that uses it compiles', () => {
  execFileSync(
    process.execPath,
    [
      program('openapi-typescript', 'bin/cli.js'),
      'docs/openapi.json',
      '--output',
      'tools/api-docs/client/lib/schema.d.ts',
    ],
    { cwd: ROOT },
  );
  const { status, stdout } = run(join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', 'tools/api-docs/client');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});
