import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCaptured } from '../processes/captured-run.mjs';
import { manifestJar } from './manifest-jar.mjs';
import { FIREBASE_CLI, ROOT } from '../processes/places.mjs';
import { withProgress } from '../processes/progress.mjs';
import { Refusal } from '../processes/refusal.mjs';

const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
const JAR_IN_SDK = join('platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar');

/**
 * Decides where the Firestore emulator comes from: the official one, wherever this machine has it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ FIRESTORE_EMULATOR_BINARY_PATH?: string }>} what to tell firebase-tools
 */
export async function provideFirestoreEmulator(env) {
  const given = env.FIRESTORE_EMULATOR_BINARY_PATH;
  if (given) {
    if (existsSync(given)) return { FIRESTORE_EMULATOR_BINARY_PATH: given };
    throw new Refusal(
      `FIRESTORE_EMULATOR_BINARY_PATH names ${given}, which does not exist: correct it, or unset it to have the emulator found.`,
    );
  }
  const jar = await jarOfGoogleCloudCli(env);
  if (jar !== undefined) return { FIRESTORE_EMULATOR_BINARY_PATH: writeStarterJar(jar, env) };
  await downloadWithFirebase(env);
  return {};
}

/** @param {NodeJS.ProcessEnv} env */
async function jarOfGoogleCloudCli(env) {
  const gcloud = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .find((file) => existsSync(file));
  if (gcloud === undefined) return undefined;
  const root = sdkRoot(gcloud) ?? (await sdkRootByAsking(gcloud, env));
  const jar = root === undefined ? undefined : join(root, JAR_IN_SDK);
  return jar !== undefined && existsSync(jar) ? jar : undefined;
}

/**
 * @param {string} gcloud as found on the PATH, most often a link to `<root>/bin/gcloud`
 * @returns {string | undefined}
 */
export function sdkRoot(gcloud) {
  const root = dirname(dirname(realpathSync(gcloud)));
  return existsSync(join(root, 'lib', 'gcloud.py')) ? root : undefined;
}

/**
 * For packages that put a script of their own on the PATH. Takes a second, so it is the second choice.
 *
 * @param {string} gcloud
 * @param {NodeJS.ProcessEnv} env
 */
async function sdkRootByAsking(gcloud, env) {
  const { exitCode, output } = await runCaptured(gcloud, ['info', '--format=value(installation.sdk_root)'], { env });
  return exitCode === 0 ? output.trim().split('\n').at(-1) : undefined;
}

/**
 * Google's jar names no main class, which `java -jar` needs, and is not ours to change.
 *
 * @param {string} jar
 * @param {NodeJS.ProcessEnv} env
 */
export function writeStarterJar(jar, env) {
  const content = manifestJar({ mainClass: MAIN_CLASS, classPath: pathToFileURL(jar).href });
  const name = `firestore-emulator-${createHash('sha256').update(content).digest('hex').slice(0, 12)}.jar`;
  const folders = cacheFolders(env);
  for (const folder of folders) {
    try {
      return keepFile(join(folder, name), content);
    } catch {
      // Not writable, or no folder at all: the next one.
    }
  }
  throw new Refusal(
    `none of the folders ${folders.join(', ')} can be written to: set XDG_CACHE_HOME to a folder of yours.`,
  );
}

/**
 * @param {string} file
 * @param {Buffer} content
 */
function keepFile(file, content) {
  if (existsSync(file) && readFileSync(file).equals(content)) return file;
  mkdirSync(dirname(file), { recursive: true });
  // Two suites may do this at once, and neither may start half a jar.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
  return file;
}

/**
 * The checkout is the fallback rather than the system's temporary folder, where someone else could
 * have put a jar of that name.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function cacheFolders(env) {
  const userCache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return [join(userCache, 'muster'), join(ROOT, '.muster', 'cache')];
}

/** @param {NodeJS.ProcessEnv} env */
async function downloadWithFirebase(env) {
  const args = [FIREBASE_CLI, 'setup:emulators:firestore', '--non-interactive'];
  await withProgress('Looking for the Firestore emulator, downloading it if needed', async () => {
    const { exitCode, output } = await runCaptured(process.execPath, args, { env, cwd: ROOT });
    if (exitCode === 0) return;
    console.error(output.trimEnd());
    throw new Refusal(
      'the Firestore emulator is not on this machine and could not be downloaded: connect to the network, or install the component cloud-firestore-emulator of the Google Cloud CLI, or set FIRESTORE_EMULATOR_BINARY_PATH to its jar.',
    );
  });
}
