import { buildChaosPackage } from './library-packages.mjs';
import { runProgram } from './program.mjs';

await runProgram(buildChaosPackage);
