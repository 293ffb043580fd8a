import { startSuite } from './emulators.mjs';
import { Refusal } from '../processes/refusal.mjs';
import { seed } from './saved-data.mjs';
import { shown } from '../processes/places.mjs';

/**
 * Runs `work` beside a freshly seeded suite, whose data is thrown away, and stops the suite whatever happens.
 *
 * @template T
 * @param {import('./emulators.mjs').Site} site
 * @param {(suite: import('./emulators.mjs').Suite) => Promise<T>} work must end when the suite dies
 * @param {import('./firebase-config.mjs').Codebase[]} [moreFunctions] run beside ours
 * @returns {Promise<T>} what `work` resolved to
 */
export async function withSeededSuite(site, work, moreFunctions = []) {
  const suite = await startSuite(site, { importFrom: seed().from, moreFunctions });
  let diedBefore = false;
  void suite.died.then(() => (diedBefore = true));
  try {
    const result = await work(suite);
    if (diedBefore) {
      throw new Refusal(
        `the emulator suite ended before the command did: the end of ${shown(suite.site.places.log)} says why.`,
      );
    }
    return result;
  } finally {
    await suite.stop();
  }
}
