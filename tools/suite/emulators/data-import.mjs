import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal } from '../processes/refusal.mjs';
import { PROJECT, addressesOf } from './suite-addresses.mjs';

const METADATA = 'firebase-export-metadata.json';

/**
 * What is left of an export for firebase-tools to import by itself: the accounts. It would hand the documents
 * to the Firestore emulator as a seed, and that puts a seed into every project that anyone uses in it: also
 * into those that tests invent to be alone.
 *
 * @param {string} exported the folder of an export
 * @param {string} temporary
 * @returns {string} a folder to import
 */
export function accountsOnly(exported, temporary) {
  const { version, auth } = readMetadata(exported);
  const folder = join(temporary, 'accounts');
  mkdirSync(folder, { recursive: true });
  const accounts = auth === undefined ? {} : { auth: { ...auth, path: resolve(exported, auth.path) } };
  writeFileSync(join(folder, METADATA), JSON.stringify({ version, ...accounts }));
  return folder;
}

/**
 * Puts the documents of an export into our project alone.
 *
 * @param {string} exported
 * @param {import('./ports.mjs').Ports} ports
 */
export async function importDocuments(exported, ports) {
  const { firestore } = readMetadata(exported);
  if (firestore === undefined) return;
  const response = await fetch(`${addressesOf(ports).firestore}/emulator/v1/projects/${PROJECT}:import`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      database: `projects/${PROJECT}/databases/(default)`,
      // The emulator calls it a directory, and wants the file.
      export_directory: resolve(exported, firestore.metadata_file),
    }),
  });
  if (!response.ok) throw new Refusal(`the data in ${exported} could not be loaded (${await response.text()})`);
}

/**
 * @param {string} exported
 * @returns {{ version: string, auth?: { path: string }, firestore?: { metadata_file: string } }}
 */
function readMetadata(exported) {
  return JSON.parse(readFileSync(join(exported, METADATA), 'utf8'));
}
