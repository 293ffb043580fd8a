import { buildGuardPackage } from './guard-package.mjs';
import { installAndBuild } from './preparation.mjs';
import { runProgram } from './program.mjs';

await runProgram(async () => {
  await installAndBuild();
  await buildGuardPackage();
});
