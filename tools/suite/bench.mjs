import { join } from 'node:path';
import { bundleBench, endBundling } from './bundle.mjs';
import { runInForeground } from './foreground-command.mjs';
import { throwIfInterrupted } from './interruption.mjs';
import { ROOT } from './places.mjs';
import { prepareSuite } from './preparation.mjs';
import { runProgram } from './program.mjs';
import { withSeededSuite } from './seeded-suite.mjs';
import { environmentFor } from './suite-addresses.mjs';

const BARE_FUNCTION = { source: 'tools/bench/bare-function', codebase: 'bare', runtime: 'nodejs22' };

await runProgram(async () => {
  const site = await prepareSuite();
  await bundleBench();
  await endBundling();
  return withSeededSuite(
    site,
    async ({ died }) => {
      throwIfInterrupted();
      const env = { ...process.env, ...environmentFor(site.ports) };
      return runInForeground([process.execPath, join(ROOT, '.muster/bench/main.js'), ...process.argv.slice(2)], {
        env,
        cwd: ROOT,
        endWhen: died,
      });
    },
    [BARE_FUNCTION],
  );
});
