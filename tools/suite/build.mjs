import { buildChaosPackage, buildGuardPackage } from './library-packages.mjs';
import { installAndBuild } from './preparation.mjs';
import { runProgram } from './program.mjs';

await runProgram(async () => {
  await installAndBuild();
  await buildGuardPackage();
  await buildChaosPackage();
});
