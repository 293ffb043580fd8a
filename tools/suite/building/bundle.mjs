import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FUNCTIONS_BUNDLE, ROOT } from '../processes/places.mjs';

/**
 * The backend as it is deployed and emulated: one file.
 *
 * @param {string} [to] elsewhere, for a test that looks at it
 */
export function bundleFunctions(to = FUNCTIONS_BUNDLE) {
  // A deploy looks at the bundle in an empty environment: what it must know there is written into it.
  const named = JSON.stringify(process.env.MUSTER_NAMED_CALLABLES ?? '');
  const define = { 'process.env.MUSTER_NAMED_CALLABLES': named };
  return bundle({ from: 'functions/src/index.ts', to, format: 'cjs', define });
}

/** Ends the process that esbuild keeps for the next build: 200 MB that nobody needs while a suite runs. */
export async function endBundling() {
  const { stop } = await import('esbuild');
  await stop();
}

/** The command line, so that it starts without a TypeScript loader. */
export function bundleCli() {
  return bundle({ from: 'cli/src/main.ts', to: 'cli/dist/main.js', format: 'cjs' });
}

/** The guard as a product installs it; what it depends on is installed with it. */
export function bundleGuard() {
  const external = [
    '@google-cloud/firestore',
    '@openfeature/server-sdk',
    'cockatiel',
    'firebase-admin',
    'firebase-functions',
    'zod',
  ];
  return Promise.all(
    ['index', 'openfeature', 'https'].map((name) =>
      bundle({ from: `packages/guard/src/${name}.ts`, to: `packages/guard/lib/${name}.js`, format: 'cjs', external }),
    ),
  );
}

/** The experiments as a program of somebody else runs them. */
export function bundleChaos() {
  return bundle({
    from: 'packages/chaos/src/index.ts',
    to: 'packages/chaos/lib/index.js',
    format: 'cjs',
    external: ['zod'],
  });
}

/**
 * What `npm run seed` runs beside an empty suite; nothing else needs it.
 *
 * @returns {Promise<string>} the program
 */
export async function bundleSeed() {
  const to = '.muster/seed/main.js';
  await bundle({ from: 'tools/seed/main.ts', to, format: 'cjs' });
  return join(ROOT, to);
}

/** What makes the documents of the contract. Prettier stays outside: it loads its parsers itself. */
export function bundleDocs() {
  return bundle({
    from: 'tools/api-docs/documents.ts',
    to: '.muster/docs/documents.js',
    format: 'cjs',
    external: ['prettier'],
  });
}

/** The bench imports TypeScript of the backend, and is never deployed. */
export async function bundleBench() {
  // A process of its own, which asks the guard as a product would.
  await bundle({ from: 'tools/bench/gates/guard-gate.ts', to: '.muster/bench/guard-gate.js', format: 'cjs' });
  // esbuild bundles for the race, and cannot be bundled itself.
  const external = ['esbuild'];
  return bundle({ from: 'tools/bench/main.ts', to: '.muster/bench/main.js', format: 'cjs', external });
}

/**
 * @param {{ from: string, to: string, format: 'cjs' | 'esm', external?: string[], define?: Record<string, string> }} options
 * @returns {Promise<boolean>} false if there is no source
 */
async function bundle({ from, to, format, external = [], define = {} }) {
  const entry = join(ROOT, from);
  if (!existsSync(entry)) return false;
  // Imported here because it is installed after this file was loaded.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: resolve(ROOT, to),
    bundle: true,
    external,
    define,
    // What a package of this repository is made of, not what was packed of it; the other is esbuild's own.
    conditions: ['@muster/source', 'module'],
    platform: 'node',
    target: 'node20',
    format,
    // Less to read at each cold start; names stay, so that a stack trace in the logs can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    write: false,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) replaceIfChanged(path, contents);
  return true;
}

/**
 * An unchanged file is left alone because running emulators reload the functions on every write; a
 * changed one is replaced in one step because they may be reading it.
 *
 * @param {string} path
 * @param {Uint8Array} contents
 */
function replaceIfChanged(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
