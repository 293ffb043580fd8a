import { join } from 'node:path';
import { bundleBench, endBundling } from './building/bundle.mjs';
import { runInForeground } from './processes/foreground-command.mjs';
import { throwIfInterrupted } from './processes/interruption.mjs';
import { ROOT } from './processes/places.mjs';
import { prepareSuite } from './building/preparation.mjs';
import { runProgram } from './processes/program.mjs';
import { withSeededSuite } from './emulators/seeded-suite.mjs';
import { environmentFor } from './emulators/suite-addresses.mjs';

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
