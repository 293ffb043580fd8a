import { totalmem } from 'node:os';
import { withProgress } from './progress.mjs';
import { placesFor } from './places.mjs';
import { planPorts } from './ports.mjs';
import { installAndBuild, prepareSuite } from './preparation.mjs';
import { runProgram } from './program.mjs';
import { Refusal } from './refusal.mjs';
import { withSeededSuite } from './seeded-suite.mjs';
import { environmentFor } from './suite-addresses.mjs';
import { javaHeapMegabytes } from './suite-child-environment.mjs';
import { closingLine, exitCodeFor, sumOf } from './test-counts.mjs';
import { hasTests, runCheck, runJest, runSuiteTests } from './test-steps.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */

/**
 * The emulator's Java compiles each of its parts once and quickly, not again and better: on two cores a run of minutes is
 * shorter so (rules and audit tests: 157 s of CPU, not 204). What the user says comes last, and with Java the last one counts.
 */
const COMPILE_ONCE = '-XX:TieredStopAtLevel=1';

/** All that a run stores fits in half of it, and Java takes what it may: it clears away seldom while it has room. */
const HEAP_MB = 2048;

await runProgram(async () => {
  const heap = `-Xmx${Math.min(HEAP_MB, javaHeapMegabytes(totalmem()))}m`;
  process.env.JAVA_TOOL_OPTIONS = `${COMPILE_ONCE} ${heap} ${process.env.JAVA_TOOL_OPTIONS ?? ''}`.trim();
  const paths = process.argv.slice(2);
  const counts = paths.length === 0 ? await testEverything() : await testMatching(paths);
  console.log(`\n${closingLine(counts)}`);
  return exitCodeFor(counts);
});

/** Every step runs, whatever the one before said: one run shows all that is wrong. */
async function testEverything() {
  const site = await prepareSuite();
  const { reports } = site.places;
  return sumOf([
    await runCheck('Format', 'prettier', ['--check', '.']),
    await runCheck('Lint', 'oxlint', ['--type-aware']),
    await runCheck('Types', 'tsc', ['--build']),
    await runSuiteTests(reports),
    await runJest('Pure tests', 'pure', reports, { paths: [], env: process.env }),
    await testOnEmulators(site, []),
  ]);
}

/** @param {string[]} paths as Jest takes them, and any other option of it */
async function testMatching(paths) {
  await installAndBuild();
  const { reports } = placesFor(planPorts(process.env.MUSTER_PORT_BASE).base);
  const parts = [];
  const [pure, emulator] = await withProgress('Looking for matching tests', () =>
    Promise.all([hasTests('pure', paths), hasTests('emulator', paths)]),
  );
  if (pure) parts.push(await runJest('Pure tests', 'pure', reports, { paths, env: process.env }));
  if (emulator) parts.push(await testOnEmulators(await prepareSuite(), paths));
  return sumOf(parts);
}

/**
 * @param {import('./emulators.mjs').Site} site
 * @param {string[]} paths
 * @returns {Promise<Counts>}
 */
async function testOnEmulators(site, paths) {
  try {
    return await withSeededSuite(site, ({ died }) =>
      runJest('Emulator tests', 'emulator', site.places.reports, {
        paths,
        env: { ...process.env, ...environmentFor(site.ports) },
        endWhen: died,
      }),
    );
  } catch (error) {
    // The other steps have been counted, and the closing line must still come; an interruption is the end.
    if (!(error instanceof Refusal) || error.exitCode !== 1) throw error;
    console.error(`muster: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
