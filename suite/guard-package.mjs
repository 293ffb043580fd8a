import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleGuard } from './bundle.mjs';
import { runCaptured } from './captured-run.mjs';
import { ROOT } from './places.mjs';
import { withProgress } from './progress.mjs';
import { Refusal } from './refusal.mjs';

/** What a product installs: `guard/lib`, with its declarations. Nothing that is emulated or deployed from here needs it. */
export async function buildGuardPackage() {
  await withProgress('Building the package guard', async () => {
    await Promise.all([bundleGuard(), declareTypes()]);
  });
}

async function declareTypes() {
  // What is left of a file that is no more would be packed too.
  rmSync(join(ROOT, 'guard', 'lib', 'types'), { recursive: true, force: true });
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { exitCode, output } = await runCaptured(tsc, ['--project', 'guard/tsconfig.lib.json'], { cwd: ROOT });
  if (exitCode === 0) return;
  console.error(`\n${output.trim()}`);
  throw new Refusal('the types of the guard are not right, as is said above: correct them, then run the same again.');
}
