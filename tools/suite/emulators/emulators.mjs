import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { accountsOnly, importDocuments } from './data-import.mjs';
import { exitCodeOf } from '../processes/exit-code.mjs';
import { writeFirebaseConfig } from './firebase-config.mjs';
import { provideFirestoreEmulator } from './firestore-emulator-jar.mjs';
import { interrupted, interruption } from '../processes/interruption.mjs';
import { requireJava } from './java.mjs';
import { forgetRun, processesOfSuite, recordRun, stopLeftovers } from './leftovers.mjs';
import { FIREBASE_CLI, placesFor, shown } from '../processes/places.mjs';
import { baseBeside, planPorts, requireFreePorts, takenPorts } from './ports.mjs';
import { killUntilGone } from '../processes/processes.mjs';
import { withProgress } from '../processes/progress.mjs';
import { waitUntilReady } from './readiness.mjs';
import { Refusal } from '../processes/refusal.mjs';
import { PROJECT } from './suite-addresses.mjs';
import { suiteChildEnvironment } from './suite-child-environment.mjs';
import { echoLog, readLog, tellingLines } from './suite-log.mjs';
import { makeTemporaryFolder } from '../processes/temporary-folder.mjs';

const STOP_WITHIN_MS = 15_000;
const EXPORT_WITHIN_MS = 120_000;
const STOP_WITH_PARENT = pathToFileURL(new URL('stop-with-parent.mjs', import.meta.url).pathname).href;

/**
 * Where a suite can run: asked before anything long is done, so that what is missing is said at once. Stops
 * what an interrupted run left behind, and starts nothing.
 *
 * @returns {Promise<Site>}
 * @typedef {{ base: number, ports: import('./ports.mjs').Ports, places: ReturnType<typeof placesFor>, java: { PATH: string } }} Site
 */
export async function findSite() {
  const { base, ports } = planPorts(process.env.MUSTER_PORT_BASE);
  const places = placesFor(base);
  await stopLeftovers(places, baseBeside(ports));
  await requireFreePorts(ports);
  return { base, ports, places, java: await requireJava() };
}

/**
 * Starts Auth, Functions, Firestore and Hosting, and resolves when all of them work.
 *
 * @param {Site} site
 * @param {{ importFrom?: string | undefined, exportTo?: string | undefined, moreFunctions?: import('./firebase-config.mjs').Codebase[] }} [data]
 * @returns {Promise<Suite>}
 * @typedef {{ site: Site, died: Promise<number>, stop: () => Promise<void> }} Suite `died` resolves, with the
 *   exit code, when the suite has ended, whoever wanted that
 */
export async function startSuite(site, { importFrom, exportTo, moreFunctions = [] } = {}) {
  const { ports, places, java } = site;
  const emulator = await provideFirestoreEmulator({ ...process.env, ...java });
  // Once more: installing and building may have taken a minute.
  await requireFreePorts(ports);
  writeFirebaseConfig(places, ports, moreFunctions);

  const temporary = makeTemporaryFolder();
  const env = { ...suiteChildEnvironment(process.env, temporary), ...java, ...emulator };
  const accounts = importFrom === undefined ? undefined : accountsOnly(importFrom, temporary);
  const child = spawnFirebase(places, env, { importFrom: accounts, exportTo });
  const record = { owner: process.pid, suite: child.pid ?? 0, firestorePort: ports.firestore, temporary };
  recordRun(places, record);

  let ended = false;
  /** @type {Promise<number>} */
  const died = new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  void died.then(() => (ended = true));
  const stopEcho = process.env.MUSTER_VERBOSE === '1' ? echoLog(places.log) : () => {};

  const stopOnce = async () => {
    // Only to Firebase itself, which then ends its workers and Java in good order.
    child.kill('SIGINT');
    const patience = exportTo === undefined ? STOP_WITHIN_MS : EXPORT_WITHIN_MS;
    await Promise.race([died, interruption().second, sleep(patience, undefined, { ref: false })]);
    await killUntilGone(() => processesOfSuite(places, record));
    await waitForFreePorts(ports);
    stopEcho();
    rmSync(temporary, { recursive: true, force: true });
    forgetRun(places);
  };
  /** @type {Promise<void> | undefined} */
  let stopping;
  const stop = () => (stopping ??= stopOnce());

  try {
    await withProgress('Starting the emulators', () =>
      Promise.race([
        waitUntilReady(places.log, ports, () => ended).then(() =>
          importFrom === undefined ? undefined : importDocuments(importFrom, ports),
        ),
        interruption().first.then((signal) => {
          throw interrupted(signal);
        }),
      ]),
    );
  } catch (error) {
    const told = tellingLines(readLog(places.log));
    await stop();
    if (interruption().received !== undefined) throw interrupted(interruption().received ?? 'SIGINT');
    console.error(told);
    const finding = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${finding}: the lines above and the whole log in ${shown(places.log)} say why.`, {
      cause: error,
    });
  }
  return { site, died, stop };
}

/**
 * @param {Site['places']} places
 * @param {NodeJS.ProcessEnv} env
 * @param {{ importFrom?: string | undefined, exportTo?: string | undefined }} data
 */
function spawnFirebase(places, env, { importFrom, exportTo }) {
  mkdirSync(places.folder, { recursive: true });
  removeUnfinishedExports(places.folder);
  const log = openSync(places.log, 'w');
  const child = spawn(
    process.execPath,
    [
      '--import',
      STOP_WITH_PARENT,
      FIREBASE_CLI,
      'emulators:start',
      '--non-interactive',
      ...['--only', 'auth,functions,firestore,hosting'],
      ...['--project', PROJECT],
      ...['--config', places.config],
      ...(importFrom === undefined ? [] : ['--import', importFrom]),
      ...(exportTo === undefined ? [] : ['--export-on-exit', exportTo]),
    ],
    // A process group of its own: Ctrl-C reaches only us, and we pass it on once.
    { cwd: places.folder, env, detached: true, stdio: ['ignore', log, log, 'ipc'] },
  );
  closeSync(log);
  return child;
}

/**
 * Firebase exports to a folder of this name first, and leaves it when it is killed over it.
 *
 * @param {string} folder
 */
function removeUnfinishedExports(folder) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('firebase-export-')) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {import('./ports.mjs').Ports} ports */
async function waitForFreePorts(ports) {
  const deadline = Date.now() + 5000;
  while ((await takenPorts(ports)).length > 0 && Date.now() < deadline) await sleep(100);
}
