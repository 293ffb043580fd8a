/** The package as a product has it: packed, unpacked beside its dependencies, compiled against, and run in a process of its own. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { killCapability } from '@muster/functions/features/policy/index';
import { newBackend, type Backend } from '@muster/functions/test/harness';

const ROOT = resolve(__dirname, '../../..');
const DEPENDENCIES = ['zod', 'cockatiel', 'firebase-admin', '@google-cloud/firestore', '@openfeature/server-sdk'];
/** What a product has for its own compiler. */
const TYPES = ['@types/node', '@openfeature/core'];

let product: string;
let backend: Backend;
beforeAll(async () => {
  product = mkdtempSync(join(tmpdir(), 'muster-product-'));
  const modules = join(product, 'node_modules');
  run('npm', ['pack', '--ignore-scripts=false', '--pack-destination', product], join(ROOT, 'packages/guard'));
  const packed = readdirSync(product).find((name) => name.endsWith('.tgz'))!;
  const installed = join(modules, '@muster/guard');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', join(product, packed), '--strip-components=1', '-C', installed], product);
  for (const name of [...DEPENDENCIES, ...TYPES]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  copyFileSync(join(__dirname, 'product/orders.ts'), join(product, 'orders.ts'));
  const [, example = ''] = /```ts\n([\s\S]*?)```/u.exec(readFileSync(join(installed, 'README.md'), 'utf8')) ?? [];
  writeFileSync(join(product, 'example.ts'), example);
  writeFileSync(join(product, 'package.json'), '{"name": "product", "private": true}');
  writeFileSync(
    join(product, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: STRICT, files: ['orders.ts', 'example.ts'] }),
  );
  backend = await newBackend();
});
afterAll(async () => {
  await backend.close();
  rmSync(product, { recursive: true, force: true });
});

const STRICT = {
  strict: true,
  module: 'nodenext',
  target: 'es2022',
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  types: ['node'],
  outDir: 'out',
  rootDir: '.',
};

/** What went wrong is printed by the program itself. */
const run = (program: string, args: string[], cwd: string): string => {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  }
};

test('holds what it promises and nothing of the backend, and asks for what it needs', () => {
  const installed = join(product, 'node_modules/@muster/guard');
  expect(readdirSync(installed).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'firestore-helpers.rules',
    'lib',
    'package.json',
    'README.md',
  ]);
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>;
  const declared = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] });
  expect(declared).toEqual(expect.arrayContaining(DEPENDENCIES));
  for (const file of ['index.js', 'openfeature.js']) {
    const required = [...readFileSync(join(installed, 'lib', file), 'utf8').matchAll(/require\("([^"]+)"\)/gu)];
    for (const [, name = ''] of required) {
      if (!name.startsWith('node:'))
        expect(declared).toContain(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
});

test('brings the declarations of what it is made of, each import of which leads to one of them', () => {
  const lib = join(product, 'node_modules/@muster/guard/lib');
  const declarations = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
  expect(declarations.filter((name) => /functions|guard\/src|\.test\./u.test(name))).toEqual([]);
  expect(declarations).toEqual(
    expect.arrayContaining(['index.d.ts', 'core/errors.d.ts', 'contract/capabilities.d.ts']),
  );
  for (const name of declarations) {
    for (const [, specifier = ''] of readFileSync(join(lib, name), 'utf8').matchAll(/(?:from |import\()'([^']+)'/gu)) {
      if (!specifier.startsWith('.')) expect([...DEPENDENCIES, 'firebase-admin/app']).toContain(specifier);
      else expect(declarations).toContain(`${join(dirname(name), specifier)}.d.ts`);
    }
  }
});

test('is importable from both kinds of modules, and without OpenFeature', () => {
  const names = "Object.keys(all).filter((name) => !/^(default|module\\.exports)$/.test(name)).sort().join(' ')";
  const asCommonJs = run('node', ['-e', `const all = require('@muster/guard'); console.log(${names})`], product);
  const asModule = run(
    'node',
    ['--input-type=module', '-e', `import * as all from '@muster/guard'; console.log(${names})`],
    product,
  );
  expect(asCommonJs).toContain('createGuard');
  expect(asModule).toBe(asCommonJs);
  const loaded = run(
    'node',
    ['-e', "require('@muster/guard'); console.log(Object.keys(require.cache).join('\\n'))"],
    product,
  );
  expect(loaded).not.toContain('openfeature');
});

test('has types that a strict compiler takes, with the example of its README, and that refuse what is wrong', () => {
  expect(readFileSync(join(product, 'example.ts'), 'utf8')).toContain('guard.run(');
  run(join(ROOT, 'node_modules/.bin/tsc'), ['--project', product], product);
});

describe('a product that is compiled against it', () => {
  let child: ChildProcess;
  beforeAll(() => {
    const env = { ...process.env, GCLOUD_PROJECT: backend.projectId };
    child = fork(join(product, 'out/orders.js'), { cwd: product, env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.send({ command: 'end' });
    // A guard that is closed keeps no process alive.
    expect(await ended).toEqual([0, null]);
  });
  const tell = async (command: string): Promise<Record<string, unknown>> => {
    child.send({ command, order: 'one' });
    const [answer] = (await once(child, 'message')) as [Record<string, unknown>];
    return answer;
  };
  const stored = async () => (await backend.firestore.doc('orders/one').get()).data();

  test('writes what is allowed', async () => {
    expect(await tell('check')).toEqual({ value: { allowed: true, mode: 'normal' } });
    expect(await tell('ship')).toEqual({ value: 1 });
    expect(await stored()).toMatchObject({ shipped: 1 });
    expect(await tell('cached')).toMatchObject({
      value: { allowed: false, reason: 'POLICY_UNAVAILABLE', ageMs: null },
    });
    expect(await tell('watch')).toEqual({});
    expect(await tell('cached')).toMatchObject({ value: { allowed: true } });
    expect(await tell('flag')).toMatchObject({ value: { value: true } });
  });

  test('is refused after a kill, is told what to do, and is told it by its memory too', async () => {
    const denied = tell('untilDenied');
    await backend.run(killCapability, { capability: 'orders', reason: 'automation is misbehaving' });
    expect(await denied).toMatchObject({ value: { allowed: false, reason: 'BLOCKED_BY_KILL_SWITCH' } });

    expect(await tell('ship')).toMatchObject({
      refused: 'BLOCKED_BY_KILL_SWITCH',
      code: 'RESTRICTED',
      message: expect.stringMatching(
        /^orders is killed, and orders\.ship with it since .* Nothing was changed\.$/u,
      ) as string,
      next: 'Ask staff to restore it (policy-restore).',
    });
    expect(await stored()).toMatchObject({ shipped: 1 });
    expect(await tell('flag')).toMatchObject({
      value: { value: false, flagMetadata: { reasonCode: 'BLOCKED_BY_KILL_SWITCH' } },
    });
    const { docs } = await backend.firestore.collection('muster_refusals').get();
    expect(docs.map((found) => found.data())).toMatchObject([{ caller: 'uid-agent', count: 1 }]);
  });
});
