import { installAndBuild } from './preparation.mjs';
import { runProgram } from './program.mjs';

await runProgram(installAndBuild);
