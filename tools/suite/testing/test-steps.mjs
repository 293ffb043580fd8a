import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../processes/captured-run.mjs';
import { runInForeground } from '../processes/foreground-command.mjs';
import { throwIfInterrupted } from '../processes/interruption.mjs';
import { ROOT } from '../processes/places.mjs';
import { countsOfCheck, countsOfJest, countsOfTap } from './test-counts.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */

/**
 * @param {string} title
 * @param {string} tool as it is called in node_modules/.bin
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
export async function runCheck(title, tool, args) {
  return countsOfCheck(await runStep(title, [installed(tool), ...args]));
}

/**
 * The tests of this folder run on Node's own runner, because Jest is set up for TypeScript as CommonJS.
 *
 * @param {string} reports
 * @returns {Promise<Counts>}
 */
export async function runSuiteTests(reports) {
  const folder = join(ROOT, 'tools', 'suite', 'test');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs'));
  const report = newReport(reports, 'suite.tap');
  const exitCode = await runStep('Suite tests', [
    process.execPath,
    '--test',
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
    ...files.map((name) => join(folder, name)),
  ]);
  return countsOfTap(read(report) ?? '', exitCode);
}

/**
 * @param {string} title
 * @param {'pure' | 'emulator'} project
 * @param {string} reports
 * @param {{ paths: string[], env: NodeJS.ProcessEnv, endWhen?: Promise<unknown> | undefined }} options
 * @returns {Promise<Counts>}
 */
export async function runJest(title, project, reports, { paths, env, endWhen }) {
  const report = newReport(reports, `${project}.json`);
  /** @type {[string, ...string[]]} */
  const command = [
    installed('jest'),
    ...['--selectProjects', project],
    ...['--passWithNoTests', '--json', `--outputFile=${report}`],
    ...paths,
  ];
  const exitCode = await runStep(title, command, { env, endWhen });
  return countsOfJest(read(report), exitCode);
}

/**
 * @param {'pure' | 'emulator'} project
 * @param {string[]} paths
 */
export async function hasTests(project, paths) {
  const args = ['--selectProjects', project, '--listTests', '--passWithNoTests', ...paths];
  const { exitCode, output } = await runCaptured(installed('jest'), args, { cwd: ROOT });
  // If Jest cannot even list them, running it shows why.
  return exitCode !== 0 || /\.test\.\w+$/m.test(output);
}

/**
 * The test files that import a module, themselves or through others.
 *
 * @param {string} module from the root
 * @returns {Promise<string[]>}
 */
export async function testsThatImport(module) {
  const { output } = await runCaptured(installed('jest'), ['--listTests', '--findRelatedTests', module], { cwd: ROOT });
  return output.split('\n').filter((line) => /\.test\.\w+$/.test(line));
}

/**
 * @param {string} title
 * @param {[string, ...string[]]} command
 * @param {{ env?: NodeJS.ProcessEnv, endWhen?: Promise<unknown> | undefined }} [options]
 */
async function runStep(title, command, { env = process.env, endWhen } = {}) {
  console.log(`\n--- ${title}`);
  const exitCode = await runInForeground(command, { env, cwd: ROOT, endWhen });
  throwIfInterrupted();
  return exitCode;
}

/** @param {string} tool */
function installed(tool) {
  return join(ROOT, 'node_modules', '.bin', tool);
}

/**
 * @param {string} reports
 * @param {string} name
 */
function newReport(reports, name) {
  mkdirSync(reports, { recursive: true });
  const file = join(reports, name);
  // That of an earlier run must not be counted if this one ends before it has written any.
  rmSync(file, { force: true });
  return file;
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
