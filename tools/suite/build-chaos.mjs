import { buildChaosPackage } from './building/library-packages.mjs';
import { runProgram } from './processes/program.mjs';

await runProgram(buildChaosPackage);
