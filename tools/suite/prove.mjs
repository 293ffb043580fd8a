import { installPackages } from './building/installation.mjs';
import { requireNode } from './building/platform-check.mjs';
import { runProgram } from './processes/program.mjs';
import { Refusal } from './processes/refusal.mjs';
import { runCounted, testMatching } from './testing/test-runs.mjs';
import { testsThatImport } from './testing/test-steps.mjs';

const SIZES = 'functions/test/proof-size.ts';
/** A proof that takes longer hangs. In `npm test` the limit is shorter, because there proofs are smaller. */
const HANGS_MS = 60 * 60_000;

/** Every proof whose size is the point, whole, and nothing else: on a suite of its own, which nothing else has filled. */
await runProgram(async () => {
  if (process.argv.length > 2) {
    throw new Refusal('npm run prove takes nothing: npm test -- PATH runs a single file, smaller.', { exitCode: 2 });
  }
  requireNode();
  await installPackages();
  const files = await testsThatImport(SIZES);
  if (files.length === 0) throw new Refusal(`no test imports ${SIZES}, so there is nothing to prove at full size.`);
  process.env.MUSTER_PROVE = 'whole';
  return runCounted(() => testMatching([...files, `--testTimeout=${HANGS_MS}`]));
});
