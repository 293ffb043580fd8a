import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLine, countsOfCheck, countsOfJest, countsOfTap, exitCodeFor, sumOf } from '../testing/test-counts.mjs';

const jest = (/** @type {number} */ passed, /** @type {number} */ failed, broken = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken });

test('a check counts as one', () => {
  assert.deepEqual(countsOfCheck(0), { passed: 1, failed: 0 });
  assert.deepEqual(countsOfCheck(2), { passed: 0, failed: 1 });
});

test('Jest: tests count, and so does a file that cannot be loaded', () => {
  assert.deepEqual(countsOfJest(jest(12, 0), 0), { passed: 12, failed: 0 });
  assert.deepEqual(countsOfJest(jest(12, 3), 1), { passed: 12, failed: 3 });
  assert.deepEqual(countsOfJest(jest(12, 0, 1), 1), { passed: 12, failed: 1 });
});

test('a runner that fails without a failed test, or writes no report, has failed', () => {
  assert.deepEqual(countsOfJest(jest(12, 0), 1), { passed: 12, failed: 1 });
  assert.deepEqual(countsOfJest(undefined, 0), { passed: 0, failed: 1 });
  assert.deepEqual(countsOfTap('', 1), { passed: 0, failed: 1 });
});

test('the runner of Node: its summary is read', () => {
  const tap = 'TAP version 13\n1..3\n# tests 4\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n';
  assert.deepEqual(countsOfTap(tap, 1), { passed: 2, failed: 2 });
});

test('the closing line and the exit code', () => {
  const sum = sumOf([
    { passed: 1, failed: 0 },
    { passed: 41, failed: 2 },
  ]);
  assert.equal(closingLine(sum), '42 passed, 2 failed');
  assert.equal(exitCodeFor(sum), 1);
  assert.equal(exitCodeFor({ passed: 1, failed: 0 }), 0);
  assert.equal(exitCodeFor({ passed: 0, failed: 0 }), 1, 'nothing executed is not success');
});
