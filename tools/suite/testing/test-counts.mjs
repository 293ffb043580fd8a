/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * @param {Counts[]} parts
 * @returns {Counts}
 */
export function sumOf(parts) {
  return parts.reduce((sum, part) => ({ passed: sum.passed + part.passed, failed: sum.failed + part.failed }), {
    passed: 0,
    failed: 0,
  });
}

/**
 * A tool without tests of its own has one verdict.
 *
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countsOfCheck(exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {string | undefined} report the file that `jest --json` wrote, if it got that far
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countsOfJest(report, exitCode) {
  if (report === undefined) return countsOfCheck(exitCode === 0 ? 1 : exitCode);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(report);
  // A file that could not even be loaded has no failed test in it, and must not pass for fine.
  return withVerdict({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }, exitCode);
}

/**
 * @param {string} report in the Test Anything Protocol, as `node --test` writes it
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countsOfTap(report, exitCode) {
  const count = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(report)?.[1] ?? 0);
  return withVerdict({ passed: count('pass'), failed: count('fail') + count('cancelled') }, exitCode);
}

/**
 * A runner may fail though no test did: a coverage threshold, an obsolete snapshot, a crash at the end.
 *
 * @param {Counts} counts
 * @param {number} exitCode
 */
function withVerdict(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {Counts} counts */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** @param {Counts} counts */
export function exitCodeFor({ passed, failed }) {
  return failed === 0 && passed > 0 ? 0 : 1;
}
