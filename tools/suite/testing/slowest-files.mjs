import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../processes/places.mjs';

const TOLD = 10;

/**
 * The test files that took longest, from what both projects of Jest reported in this run.
 *
 * @param {string} reports
 * @param {number} since when this run began: one of the reports may be of an earlier one
 * @returns {string} lines, or nothing if nothing was run
 */
export function slowestFilesSaid(reports, since) {
  const written = ['pure.json', 'emulator.json'].map((name) => join(reports, name)).filter((file) => existsSync(file));
  const slowest = slowestFiles(
    written.map((file) => readFileSync(file, 'utf8')),
    since,
  );
  if (slowest.length === 0) return '';
  const lines = slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${file}`);
  return ['', '--- Slowest files', ...lines].join('\n');
}

/**
 * @param {string[]} written as `jest --json` writes it
 * @param {number} since
 * @returns {{ file: string, seconds: number }[]}
 */
export function slowestFiles(written, since) {
  return written
    .flatMap((text) => JSON.parse(text).testResults)
    .filter(({ startTime }) => startTime >= since)
    .map(({ name, startTime, endTime }) => ({ file: relative(ROOT, name), seconds: (endTime - startTime) / 1000 }))
    .filter(({ seconds }) => seconds > 0)
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, TOLD);
}
