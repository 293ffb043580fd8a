'use strict';

// Two projects: `pure` needs nothing; `emulator` runs inside the suite (`npm run emulated`, `npm test`).
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
};
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@muster/source', 'node', 'node-addons'] },
  transform,
  rootDir: __dirname,
  testPathIgnorePatterns: ['/node_modules/', '/.muster/'],
};

module.exports = {
  maxWorkers: 2,
  testSequencer: './tools/suite/testing/test-order.cjs',
  // For all projects, because Jest heeds it nowhere else. Only what hangs meets it: the longest test takes a minute, and three
  // on a busy machine.
  testTimeout: 240_000,
  // A worker is replaced between two files when it holds more than this, whatever it is that keeps the memory of a file that is done.
  workerIdleMemoryLimit: '600MB',
  // Half a second unless set, which a worker that has to give back its memory on a busy machine exceeds; then Jest kills it and warns.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...shared,
      displayName: 'pure',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '\\.emulator\\.test\\.ts$'],
    },
    { ...shared, displayName: 'emulator', testMatch: ['**/*.emulator.test.ts'] },
  ],
};
