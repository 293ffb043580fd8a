import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIREBASE_CLI, ROOT } from '../processes/places.mjs';
import { killQuietly, killUntilGone, listProcesses } from '../processes/processes.mjs';
import { Refusal } from '../processes/refusal.mjs';

const ORDERLY_END_MS = 20_000;

/**
 * Says who runs a suite here, for the next one that wants to.
 *
 * @typedef {{ owner: number, suite: number, firestorePort: number, temporary: string }} RunRecord
 * @param {{ runRecord: string }} places
 * @param {RunRecord} record
 */
export function recordRun({ runRecord }, record) {
  writeFileSync(runRecord, JSON.stringify(record));
}

/** @param {{ runRecord: string }} places */
export function forgetRun({ runRecord }) {
  rmSync(runRecord, { force: true });
}

/**
 * Every process of a suite, found by what it is and not by its number alone, because numbers are used
 * again. Java has a process group of its own, and survives when Firebase is killed.
 *
 * @param {{ config: string }} places
 * @param {Pick<RunRecord, 'suite' | 'firestorePort'>} record
 */
export function processesOfSuite({ config }, { suite, firestorePort }) {
  const rules = join(ROOT, 'firestore.rules');
  return listProcesses().filter(({ pid, group, command }) => {
    const isFirebase = command.includes(FIREBASE_CLI) && command.includes(config);
    const isFirestore = command.includes(`--port ${firestorePort} `) && command.includes(rules);
    const isWorker = group === suite && pid !== suite && command.includes('firebase-tools');
    return isFirebase || isFirestore || isWorker;
  });
}

/**
 * Stops what an interrupted run left behind; refuses if that run is still wanted.
 *
 * @param {{ config: string, runRecord: string }} places
 * @param {number} otherBase for a second suite beside it
 */
export async function stopLeftovers(places, otherBase) {
  const record = readRecord(places);
  if (record === undefined) return;
  const left = () => processesOfSuite(places, record);
  if (left().length > 0) {
    if (isOurProgram(record.owner)) throw new Refusal(alreadyRunningSentence(record.owner, otherBase));
    console.error('Stopping the emulators that an interrupted run left behind …');
    // Without its parent the suite is on its way out already, perhaps still exporting what was entered.
    killQuietly(record.suite, 'SIGINT');
    const deadline = Date.now() + ORDERLY_END_MS;
    while (left().some(({ pid }) => pid === record.suite) && Date.now() < deadline) await sleep(200);
    await killUntilGone(left);
  }
  rmSync(record.temporary, { recursive: true, force: true });
  forgetRun(places);
}

/**
 * @param {number} owner
 * @param {number} otherBase
 */
export function alreadyRunningSentence(owner, otherBase) {
  return `the suite already runs here (process ${owner}): stop it with Ctrl-C in its terminal, or put MUSTER_PORT_BASE=${otherBase} before the command to run a second one beside it.`;
}

/**
 * @param {{ runRecord: string }} places
 * @returns {RunRecord | undefined}
 */
function readRecord({ runRecord }) {
  if (!existsSync(runRecord)) return undefined;
  try {
    return JSON.parse(readFileSync(runRecord, 'utf8'));
  } catch {
    return undefined; // Cut off while it was written: the port check will say what is still there.
  }
}

/** @param {number} pid */
function isOurProgram(pid) {
  return listProcesses().some((running) => running.pid === pid && /\bsuite\/\w+\.mjs\b/.test(running.command));
}
