import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_PORT_BASE } from '../emulators/ports.mjs';

/** The checkout this file belongs to, whatever folder the command was called from. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where the suite looks for the exported seed, and where `npm run seed` puts it. */
export const SEED_FOLDER = join(ROOT, 'emulator-data');

/** The backend as it is deployed and emulated, in the folder that is uploaded. */
export const FUNCTIONS_BUNDLE = join(ROOT, 'functions', 'deploy', 'lib', 'index.js');

export const FIREBASE_CLI = join(ROOT, 'node_modules', 'firebase-tools', 'lib', 'bin', 'firebase.js');

/**
 * Everything that one suite writes, out of sight of git. Each port base has a folder of its own, so
 * that two suites side by side share neither a log nor the data that was entered.
 *
 * @param {number} portBase
 */
export function placesFor(portBase) {
  const folder = portBase === DEFAULT_PORT_BASE ? join(ROOT, '.muster') : join(ROOT, '.muster', String(portBase));
  return {
    folder,
    config: join(folder, 'firebase.json'),
    log: join(folder, 'suite.log'),
    runRecord: join(folder, 'running.json'),
    data: join(folder, 'data'),
    reports: join(folder, 'reports'),
  };
}

/**
 * A path as a person in the checkout would type it.
 *
 * @param {string} path
 */
export function shown(path) {
  const fromRoot = relative(ROOT, path);
  return fromRoot.startsWith('..') ? path : fromRoot;
}
