import { findSite } from '../emulators/emulators.mjs';
import { bundleCli, bundleFunctions, endBundling } from './bundle.mjs';
import { installPackages } from './installation.mjs';
import { throwIfInterrupted } from '../processes/interruption.mjs';
import { requireNode } from './platform-check.mjs';
import { withProgress } from '../processes/progress.mjs';
import { Refusal } from '../processes/refusal.mjs';

/** Everything that must be there before a suite can be started, the quick checks first. */
export async function prepareSuite() {
  requireNode();
  const site = await findSite();
  await installAndBuild();
  return site;
}

/** Packages and bundles, for which neither Java nor a port is needed. */
export async function installAndBuild() {
  requireNode();
  await installPackages();
  await buildBundles();
}

export async function buildBundles() {
  await withProgress('Building functions and cli', async () => {
    try {
      await Promise.all([bundleFunctions(), bundleCli()]);
      await endBundling();
    } catch (cause) {
      // esbuild has printed each error with its place.
      throw new Refusal('the build failed for the reason above: correct it, then run the same again.', { cause });
    }
  });
  throwIfInterrupted();
}
