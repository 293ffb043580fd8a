import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FUNCTIONS_BUNDLE } from '../processes/places.mjs';
import { Refusal } from '../processes/refusal.mjs';
import { PROJECT, addressesOf } from './suite-addresses.mjs';
import { readLog } from './suite-log.mjs';

const PATIENCE_MS = 180_000;
const POLL_MS = 150;
const EMULATORS = ['auth', 'functions', 'firestore', 'hosting'];

/**
 * Waits until every emulator answers and the functions are loaded. Firebase also reports that it is ready
 * when the functions failed to load, so its word is not enough.
 *
 * @param {string} log
 * @param {import('./ports.mjs').Ports} ports
 * @param {() => boolean} hasEnded
 */
export async function waitUntilReady(log, ports, hasEnded) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!readLog(log).includes('All emulators ready')) {
    if (hasEnded()) throw new Refusal('the emulator suite ended while it was starting');
    if (Date.now() > deadline) throw new Refusal('the emulator suite was not ready within three minutes');
    await sleep(POLL_MS);
  }
  const { hub, functionsOrigin, firestore } = addressesOf(ports);
  const running = await getJson(`${hub}/emulators`);
  const missing = EMULATORS.filter((name) => !(name in running));
  if (missing.length > 0) throw new Refusal(`these emulators did not start: ${missing.join(', ')}`);
  const { backends } = await getJson(`${functionsOrigin}/backends`);
  const loaded = backends.some((/** @type {{ functionTriggers: unknown[] }} */ one) => one.functionTriggers.length > 0);
  if (!loaded && existsSync(FUNCTIONS_BUNDLE)) {
    throw new Refusal('the functions could not be loaded');
  }
  await readOnce(firestore);
}

/**
 * The first read after an import takes seconds on a busy machine (5.7 s were measured), more than the backend
 * waits for its database: it must not fall to a user.
 *
 * @param {string} firestore
 */
async function readOnce(firestore) {
  const database = `projects/${PROJECT}/databases/(default)`;
  const response = await fetch(`${firestore}/v1/${database}/documents:batchGet`, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({ documents: [`${database}/documents/muster_policy/current`] }),
  });
  if (!response.ok) throw new Refusal(`Firestore answered ${response.status} to its first read`);
}

/**
 * @param {string} url
 * @returns {Promise<any>} of Firebase, whose word we take
 */
async function getJson(url) {
  const response = await fetch(url);
  return response.json();
}
