'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The seed's tests first: they read the suite as it was imported, and the emulator takes the longer to find the past, the more
 * was written since. The others as Jest has them: what took long, or failed, before the rest.
 */
module.exports = class extends Sequencer {
  /** @param {import('@jest/test-result').Test[]} tests */
  sort(tests) {
    const sorted = super.sort(tests);
    const isOfSeed = (/** @type {{ path: string }} */ { path }) => /[\\/]seed[\\/]/u.test(path);
    return [...sorted.filter(isOfSeed), ...sorted.filter((test) => !isOfSeed(test))];
  }
};
