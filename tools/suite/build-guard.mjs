import { buildGuardPackage } from './library-packages.mjs';
import { runProgram } from './program.mjs';

await runProgram(buildGuardPackage);
