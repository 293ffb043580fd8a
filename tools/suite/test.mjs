import { runProgram } from './processes/program.mjs';
import { runCounted, testEverything, testMatching } from './testing/test-runs.mjs';

await runProgram(() => {
  const paths = process.argv.slice(2);
  return runCounted(() => (paths.length === 0 ? testEverything() : testMatching(paths)));
});
