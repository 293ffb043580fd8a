import { runInForeground } from './processes/foreground-command.mjs';
import { throwIfInterrupted } from './processes/interruption.mjs';
import { prepareSuite } from './building/preparation.mjs';
import { runProgram } from './processes/program.mjs';
import { Refusal } from './processes/refusal.mjs';
import { withSeededSuite } from './emulators/seeded-suite.mjs';
import { environmentFor } from './emulators/suite-addresses.mjs';

await runProgram(async () => {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) {
    throw new Refusal('say which command to run beside the emulators: npm run emulated -- COMMAND…', { exitCode: 2 });
  }
  const site = await prepareSuite();
  return withSeededSuite(site, async ({ died }) => {
    throwIfInterrupted();
    const env = { ...process.env, ...environmentFor(site.ports) };
    // npm moves to the folder of this package; the command means the folder in which it was typed.
    const cwd = process.env.INIT_CWD ?? process.cwd();
    return runInForeground([program, ...args], { env, cwd, endWhen: died });
  });
});
