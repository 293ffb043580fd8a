import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from '../processes/captured-run.mjs';
import { ROOT } from '../processes/places.mjs';
import { withProgress } from '../processes/progress.mjs';
import { Refusal } from '../processes/refusal.mjs';

const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network timeout/;
const PLATFORM = /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|wasm32)/;
/** npm says first what is wrong, and then how it is used in general. */
const LINES_THAT_TELL = 12;
const PING_TIMEOUT_MS = 10_000;

/** Installs the packages of the lockfile unless exactly these are there. */
export async function installPackages() {
  if (isInstalled(ROOT)) return;
  await withProgress('Installing packages (npm ci)', async () => {
    // Without a network npm tries again for every package, for many minutes in all. What it has in its
    // cache may still be enough.
    const offline = (await registryAnswers()) ? [] : ['--offline'];
    let { exitCode, output } = await npm(['ci', '--include=dev', ...offline]);
    if (exitCode !== 0 && lacksOnlyOtherPlatforms(output)) {
      ({ exitCode, output } = await npm(['install', '--no-save', '--include=dev', ...offline]));
    }
    if (exitCode === 0) return;
    const noNetwork = offline.length > 0 || NO_NETWORK.test(output);
    if (!noNetwork) console.error(`\n${output.trim().split('\n').slice(0, LINES_THAT_TELL).join('\n')}`);
    throw new Refusal(installFailureSentence(noNetwork));
  });
}

/**
 * A lockfile that was made with a registry that serves one platform only does not name the binaries of the
 * others, and `npm ci` refuses it as a whole. `npm install` takes all that it does name, at those versions.
 *
 * @param {string} output of `npm ci`; a package that nobody could look up has no version
 */
export function lacksOnlyOtherPlatforms(output) {
  const complaints = output.split('\n').filter((line) => /^npm error (Missing|Invalid):/.test(line));
  return (
    complaints.length > 0 &&
    complaints.every((line) => /^npm error Missing: \S+ from lock file/.test(line) && PLATFORM.test(line))
  );
}

/** A registry without this service answers in its own way, which is an answer. */
async function registryAnswers() {
  const { exitCode, output } = await npm(['ping', '--fetch-retries=0', `--fetch-timeout=${PING_TIMEOUT_MS}`]);
  return exitCode === 0 || !NO_NETWORK.test(output);
}

/** @param {string[]} args */
function npm(args) {
  const [program, ...before] = npmCommand(process.env);
  return runCaptured(program, [...before, ...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT });
}

/**
 * npm writes down what it installed, last of all, and removes that first of all: so this also notices an
 * installation that was interrupted, or a lockfile that changed, where times of files would not tell.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  /** @type {Lockfile} */
  const found = JSON.parse(readFileSync(installed, 'utf8'));
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  // A folder of packages that was deleted later (each workspace may have one of its own) is still written down.
  return installedMatches(wanted, found) && Object.keys(found.packages).every((path) => existsSync(join(root, path)));
}

/**
 * @typedef {{ packages: Record<string, { version?: string, link?: boolean, optional?: boolean }> }} Lockfile
 * @param {Lockfile} wanted
 * @param {Lockfile} installed
 */
export function installedMatches(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    // An optional package is most often the binary of another platform.
    return found === undefined ? optional === true : found.version === version;
  });
}

/** @param {boolean} noNetwork */
export function installFailureSentence(noNetwork) {
  return noNetwork
    ? 'the packages could not be downloaded: connect to the network (or tell npm about your proxy), then run the same again.'
    : 'installing the packages failed for the reason above: correct it, then run the same again.';
}

/**
 * The npm that called us if one did: it may be another one than that on the PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
function npmCommand(env) {
  const caller = env.npm_execpath;
  return caller?.endsWith('npm-cli.js') ? [process.execPath, caller] : ['npm'];
}
