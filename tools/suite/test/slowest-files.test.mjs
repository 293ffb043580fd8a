import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../processes/places.mjs';
import { slowestFiles } from '../testing/slowest-files.mjs';

/** @param {[string, number][]} files */
const report = (files) =>
  JSON.stringify({
    testResults: files.map(([name, ms]) => ({ name: join(ROOT, name), startTime: 1_000, endTime: 1_000 + ms })),
  });

test('the ten slowest files of all projects, the slowest first; one that could not be loaded took no time', () => {
  const quick = report(Array.from({ length: 12 }, (_, at) => [`quick-${at}.test.ts`, 100 + at]));
  const slow = report([
    ['functions/slow.emulator.test.ts', 62_500],
    ['functions/broken.emulator.test.ts', 0],
  ]);
  const told = slowestFiles([quick, slow], 1_000);
  assert.equal(told.length, 10);
  assert.deepEqual(told[0], { file: 'functions/slow.emulator.test.ts', seconds: 62.5 });
  assert.deepEqual(told[1], { file: 'quick-11.test.ts', seconds: 0.111 });
  assert.deepEqual(slowestFiles([quick, slow], 1_001), [], 'of an earlier run');
});
