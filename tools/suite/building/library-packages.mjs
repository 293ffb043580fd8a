import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundleChaos, bundleGuard } from './bundle.mjs';
import { runCaptured } from '../processes/captured-run.mjs';
import { ROOT } from '../processes/places.mjs';
import { withProgress } from '../processes/progress.mjs';
import { Refusal } from '../processes/refusal.mjs';

/** What a product installs: `packages/guard/lib`, with its declarations. Nothing that is emulated or deployed from here needs it. */
export const buildGuardPackage = () => buildPackage('guard', bundleGuard);

/** What installs who runs experiments from a program of their own: `packages/chaos/lib`, with its declarations. */
export const buildChaosPackage = () => buildPackage('chaos', bundleChaos);

/**
 * @param {'guard' | 'chaos'} name
 * @param {() => Promise<unknown>} bundle
 */
async function buildPackage(name, bundle) {
  await withProgress(`Building the package ${name}`, async () => {
    // What is left of a file that is no more would be packed too.
    rmSync(join(ROOT, 'packages', name, 'lib'), { recursive: true, force: true });
    await Promise.all([bundle(), declareTypes(name)]);
  });
}

/**
 * The package brings the declarations of what it is made of, since what it is made of is not published: `lib/index.d.ts`,
 * `lib/core/…`, `lib/contract/…`, which import each other by paths.
 *
 * @param {'guard' | 'chaos'} name
 */
async function declareTypes(name) {
  const made = join(ROOT, '.muster', 'declarations', name);
  rmSync(made, { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const project = `packages/${name}/tsconfig.lib.json`;
  const { exitCode, output } = await runCaptured(tsc, ['--project', project], { cwd: ROOT });
  if (exitCode !== 0) {
    console.error(`\n${output.trim()}`);
    throw new Refusal(`the types of ${name} are not right, as is said above: correct them, then run the same again.`);
  }
  const lib = join(ROOT, 'packages', name, 'lib');
  for (const file of readdirSync(made, { recursive: true, encoding: 'utf8' })) {
    const [, from = '', rest = ''] = /^(\w+)[\\/]src[\\/](.+\.d\.ts)$/.exec(file) ?? [];
    if (rest === '') continue;
    const placeOf = (/** @type {string} */ of) => (of === name ? lib : join(lib, of));
    const to = join(placeOf(from), rest);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, byPaths(readFileSync(join(made, file), 'utf8'), dirname(to), placeOf));
  }
  if (!existsSync(join(lib, 'index.d.ts'))) throw new Error(`no declarations were made of ${name}`);
}

/**
 * @param {string} text
 * @param {string} folder where it will stand
 * @param {(name: string) => string} placeOf
 */
function byPaths(text, folder, placeOf) {
  return text.replace(/(["'])@muster\/(\w+)(?:\/([\w/-]+))?\1/g, (_, quote, name, rest = 'index') => {
    const path = relative(folder, join(placeOf(name), rest)).replaceAll('\\', '/');
    return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });
}
