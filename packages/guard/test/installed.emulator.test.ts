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
import { claimsOf, unsignedToken } from '@muster/functions/test/security/tokens';
import { toHttpsError } from '../src/https';
import { NORMAL } from '../src/policy-document';

const ROOT = resolve(__dirname, '../../..');
const DEPENDENCIES = [
  ...['zod', 'cockatiel', 'firebase-admin', 'firebase-functions', '@google-cloud/firestore', '@openfeature/server-sdk'],
];
/** What a product has for its own compiler. */
const TYPES = ['@types/node', '@types/express', '@openfeature/core'];

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
  copyFileSync(join(__dirname, 'product/serve.mjs'), join(product, 'serve.mjs'));
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const [callable = '', example = ''] = [...readme.matchAll(/```ts\n([\s\S]*?)```/gu)].map(([, code = '']) => code);
  writeFileSync(join(product, 'callable.ts'), callable);
  writeFileSync(join(product, 'example.ts'), example);
  writeFileSync(join(product, 'package.json'), '{"name": "product", "private": true}');
  writeFileSync(
    join(product, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: STRICT, files: ['orders.ts', 'callable.ts', 'example.ts'] }),
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
  for (const file of ['index.js', 'openfeature.js', 'https.js']) {
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
      if (!specifier.startsWith('.'))
        expect([...DEPENDENCIES, 'firebase-admin/app', 'firebase-functions/v2/https']).toContain(specifier);
      else expect(declarations).toContain(`${join(dirname(name), specifier)}.d.ts`);
    }
  }
});

test('is importable from both kinds of modules, and without OpenFeature and firebase-functions', () => {
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
  expect(loaded).not.toMatch(/openfeature|firebase-functions/u);
});

test('has types that a strict compiler takes, with the example of its README, and that refuse what is wrong', () => {
  for (const file of ['callable.ts', 'example.ts']) {
    expect(readFileSync(join(product, file), 'utf8')).toContain('guard.run(');
  }
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

describe('the callable of its README', () => {
  let child: ChildProcess;
  let url: string;
  let logged = '';
  beforeAll(async () => {
    const env = {
      ...process.env,
      ...{ GCLOUD_PROJECT: backend.projectId, FIREBASE_DEBUG_MODE: 'true' },
      FIREBASE_DEBUG_FEATURES: JSON.stringify({ skipTokenVerification: true }),
    };
    child = fork(join(product, 'serve.mjs'), { cwd: product, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (logged += String(chunk)));
    const [answer] = (await once(child, 'message')) as [{ port: number }];
    url = `http://127.0.0.1:${answer.port}/`;
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
  const call = async (data: object, uid = 'uid-packer') => {
    const token = unsignedToken(claimsOf(backend.projectId, uid, {}));
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ data }),
    });
    return { status: response.status, body: await response.json() };
  };
  const paid = (order: string) => backend.firestore.doc(`orders/${order}`).set({ state: 'paid' });
  beforeEach(async () => {
    logged = '';
    await backend.firestore.doc('muster_policy/current').set(NORMAL);
  });

  test('does what it is for', async () => {
    await paid('one1');
    expect(await call({ order: 'one1' })).toEqual({ status: 200, body: { result: { shipped: 'one1' } } });
    expect((await backend.firestore.doc('orders/one1').get()).data()).toMatchObject({ state: 'shipped' });
  });

  test('tells its client what the guard refused, and logs nothing unhandled', async () => {
    await paid('two2');
    await backend.run(killCapability, { capability: 'orders', reason: 'automation is misbehaving' });
    const { status, body } = await call({ order: 'two2' });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        status: 'FAILED_PRECONDITION',
        message: expect.stringMatching(
          /^orders is killed, and orders\.ship with it since .* Nothing was changed\.$/u,
        ) as string,
        details: expect.objectContaining({
          ...{
            code: 'RESTRICTED',
            reason: 'BLOCKED_BY_KILL_SWITCH',
            next: 'Ask staff to restore it (policy-restore).',
          },
          correlationId: expect.stringMatching(/^req_/u) as string,
        }) as object,
      },
    });
    expect(logged).not.toMatch(/unhandled/iu);
    expect((await backend.firestore.doc('orders/two2').get()).data()).toEqual({ state: 'paid' });
  });

  test('is known in the audit by the correlation id that its client has', async () => {
    await paid('three3');
    await backend.run(killCapability, { capability: 'orders', reason: 'automation is misbehaving' });
    const { body } = await call({ order: 'three3' }, 'uid-other');
    const { correlationId } = (body as { error: { details: { correlationId: string } } }).error.details;
    const { docs } = await backend.firestore
      .collection('muster_audit')
      .where('correlationId', '==', correlationId)
      .get();
    expect(docs.map((found) => found.data())).toMatchObject([{ outcome: 'refused', actorId: 'uid-other' }]);
  });

  test('tells what the product itself refuses as the product means it', async () => {
    expect(await call({ order: '../muster_policy/current' })).toMatchObject({
      ...{ status: 400, body: { error: { status: 'INVALID_ARGUMENT', message: 'order: the id of an order.' } } },
    });
    expect(await call({ order: 'none' })).toMatchObject({
      body: { error: { status: 'FAILED_PRECONDITION', message: 'It is not paid.' } },
    });
  });

  test('tells nothing of what nobody expected', () => {
    const unexpected = new Error('the password of the database is …');
    expect(toHttpsError(unexpected)).toBe(unexpected);
    for (const other of [undefined, null, 'text', { name: 'MusterError', code: 'RESTRICTED', details: {} }]) {
      expect(toHttpsError(other)).toBe(other);
    }
  });
});
