import { buildGuardPackage } from './guard-package.mjs';
import { runProgram } from './program.mjs';

await runProgram(buildGuardPackage);
