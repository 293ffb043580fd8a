import { totalmem } from 'node:os';
import { withProgress } from '../processes/progress.mjs';
import { placesFor } from '../processes/places.mjs';
import { planPorts } from '../emulators/ports.mjs';
import { installAndBuild, prepareSuite } from '../building/preparation.mjs';
import { Refusal } from '../processes/refusal.mjs';
import { withSeededSuite } from '../emulators/seeded-suite.mjs';
import { slowestFilesSaid } from './slowest-files.mjs';
import { environmentFor } from '../emulators/suite-addresses.mjs';
import { javaHeapMegabytes } from '../emulators/suite-child-environment.mjs';
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

/**
 * Runs tests and says in the end how many passed, in a line of its own.
 *
 * @param {() => Promise<Counts>} tests
 * @returns {Promise<number>} the exit code
 */
export async function runCounted(tests) {
  const heap = `-Xmx${Math.min(HEAP_MB, javaHeapMegabytes(totalmem()))}m`;
  process.env.JAVA_TOOL_OPTIONS = `${COMPILE_ONCE} ${heap} ${process.env.JAVA_TOOL_OPTIONS ?? ''}`.trim();
  const since = Date.now();
  const counts = await tests();
  const { reports } = placesFor(planPorts(process.env.MUSTER_PORT_BASE).base);
  console.log(slowestFilesSaid(reports, since));
  console.log(`\n${closingLine(counts)}`);
  return exitCodeFor(counts);
}

/** Every step runs, whatever the one before said: one run shows all that is wrong. */
export async function testEverything() {
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
export async function testMatching(paths) {
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
 * @param {import('../emulators/emulators.mjs').Site} site
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
