import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEED_FOLDER } from '../processes/places.mjs';

// What was entered is exported to a folder beside the data and put in its place once it is complete, so
// that at every moment one complete copy exists, whatever fails.

/** @param {string} data */
export const incomingFolder = (data) => `${data}.incoming`;
/** @param {string} data */
const outgoingFolder = (data) => `${data}.outgoing`;
/** @param {string} data */
const exportAllowedMark = (data) => `${data}.export-allowed`;

/**
 * firebase-tools moves this file, with the rest, to its place as the last act of an export.
 *
 * @param {string} folder
 */
export function isCompleteExport(folder) {
  return existsSync(join(folder, 'firebase-export-metadata.json'));
}

/**
 * To be called when a suite has loaded its data. Firebase exports on its way out even when it was stopped
 * halfway in, and what it had loaded by then must never replace the data.
 *
 * @param {string} data
 */
export function allowExport(data) {
  writeFileSync(exportAllowedMark(data), '');
}

/**
 * Puts a finished export in the place of the data. Also finishes what an earlier run could not.
 *
 * @param {string} data
 * @returns {boolean} whether there was one
 */
export function adoptExport(data) {
  const incoming = incomingFolder(data);
  const outgoing = outgoingFolder(data);
  const mark = exportAllowedMark(data);
  const adopted = existsSync(mark) && isCompleteExport(incoming);
  if (adopted) {
    if (existsSync(data)) {
      rmSync(outgoing, { recursive: true, force: true });
      renameSync(data, outgoing);
    }
    renameSync(incoming, data);
  } else if (!existsSync(data) && isCompleteExport(outgoing)) {
    renameSync(outgoing, data);
  }
  rmSync(mark, { force: true });
  rmSync(incoming, { recursive: true, force: true });
  rmSync(outgoing, { recursive: true, force: true });
  return adopted;
}

/**
 * @param {string} data
 * @param {{ fresh: boolean }} options
 * @returns {{ from: string | undefined, kind: 'entered' | 'seed' | 'empty' }}
 */
export function dataToStartFrom(data, { fresh }) {
  if (!fresh && isCompleteExport(data)) return { from: data, kind: 'entered' };
  return seed();
}

/** @returns {{ from: string | undefined, kind: 'seed' | 'empty' }} */
export function seed() {
  return isCompleteExport(SEED_FOLDER) ? { from: SEED_FOLDER, kind: 'seed' } : { from: undefined, kind: 'empty' };
}
