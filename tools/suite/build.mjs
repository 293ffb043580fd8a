import { buildChaosPackage, buildGuardPackage } from './building/library-packages.mjs';
import { installAndBuild } from './building/preparation.mjs';
import { runProgram } from './processes/program.mjs';

await runProgram(async () => {
  await installAndBuild();
  await buildGuardPackage();
  await buildChaosPackage();
});
