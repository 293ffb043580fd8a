import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleChaos, bundleGuard } from './bundle.mjs';
import { runCaptured } from './captured-run.mjs';
import { ROOT } from './places.mjs';
import { withProgress } from './progress.mjs';
import { Refusal } from './refusal.mjs';

/** What a product installs: `guard/lib`, with its declarations. Nothing that is emulated or deployed from here needs it. */
export const buildGuardPackage = () => buildPackage('guard', bundleGuard);

/** What installs who runs experiments from a program of their own: `chaos/lib`, with its declarations. */
export const buildChaosPackage = () => buildPackage('chaos', bundleChaos);

/**
 * @param {'guard' | 'chaos'} name
 * @param {() => Promise<unknown>} bundle
 */
async function buildPackage(name, bundle) {
  await withProgress(`Building the package ${name}`, async () => {
    await Promise.all([bundle(), declareTypes(name)]);
  });
}

/** @param {'guard' | 'chaos'} name */
async function declareTypes(name) {
  // What is left of a file that is no more would be packed too.
  rmSync(join(ROOT, name, 'lib', 'types'), { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { exitCode, output } = await runCaptured(tsc, ['--project', `${name}/tsconfig.lib.json`], { cwd: ROOT });
  if (exitCode === 0) return;
  console.error(`\n${output.trim()}`);
  throw new Refusal(`the types of ${name} are not right, as is said above: correct them, then run the same again.`);
}
