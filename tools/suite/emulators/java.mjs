import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCaptured } from '../processes/captured-run.mjs';
import { withProgress } from '../processes/progress.mjs';
import { Refusal } from '../processes/refusal.mjs';

const LEAST_JAVA = 11;

/**
 * Finds a Java that runs the Firestore emulator, and installs one where nobody is there to be asked.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ PATH: string }>} the environment in which `java` is that one
 */
export async function requireJava(env = process.env) {
  const found = await findJava(env);
  if (found.path !== undefined) return { PATH: found.path };
  if (mayInstall(env)) {
    await installOnDebian();
    const installed = await findJava(env);
    if (installed.path !== undefined) return { PATH: installed.path };
  }
  throw new Refusal(missingJavaSentence(found.tooOld, installCommand(process.platform, env)));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ path?: string, tooOld?: number | undefined }>}
 */
async function findJava(env) {
  const path = env.PATH ?? '';
  const candidates = env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin') + delimiter + path, path] : [path];
  let tooOld;
  for (const candidate of candidates) {
    const { exitCode, output } = await runCaptured('java', ['-version'], { env: { ...env, PATH: candidate } });
    // macOS has a `java` that only tells where to get one: it answers, with a failure.
    const version = exitCode === 0 ? javaVersion(output) : undefined;
    if (version !== undefined && version >= LEAST_JAVA) return { path: candidate };
    tooOld ??= version;
  }
  return { tooOld };
}

/**
 * @param {string} output of `java -version`
 * @returns {number | undefined} the major version; Java 8 and older called themselves 1.8
 */
export function javaVersion(output) {
  const match = /version "(\d+)(?:\.(\d+))?/.exec(output);
  if (match === null) return undefined;
  const [, first, second] = match;
  return Number(first === '1' && second !== undefined ? second : first);
}

/**
 * @param {number | undefined} tooOld
 * @param {string} command
 */
export function missingJavaSentence(tooOld, command) {
  const finding = tooOld === undefined ? 'no Java was found' : `Java ${tooOld} is too old`;
  return `${finding} and the Firestore emulator needs ${LEAST_JAVA} or newer: install one with \`${command}\`, then run the same again.`;
}

/**
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function installCommand(platform, env) {
  if (platform === 'darwin') return 'brew install --cask temurin';
  if (onPath('apt-get', env)) return 'sudo apt-get install default-jre-headless';
  if (onPath('dnf', env)) return 'sudo dnf install java-latest-openjdk-headless';
  if (onPath('pacman', env)) return 'sudo pacman -S jre-openjdk-headless';
  if (onPath('apk', env)) return 'sudo apk add openjdk17-jre-headless';
  return 'your package manager (a Java runtime, often called openjdk)';
}

/** @param {NodeJS.ProcessEnv} env */
function mayInstall(env) {
  return env.CI === 'true' && process.getuid?.() === 0 && onPath('apt-get', env);
}

/**
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 */
function onPath(program, env) {
  return (env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function installOnDebian() {
  /** @type {[string, ...string[]][]} */
  const steps = [
    // Slim images lack the folder of the manual pages, and the package fails without it.
    ['mkdir', '-p', '/usr/share/man/man1'],
    ['apt-get', 'update', '--quiet'],
    ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', 'default-jre-headless'],
  ];
  await withProgress('Installing a Java runtime', async () => {
    for (const [program, ...args] of steps) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const { exitCode, output } = await runCaptured(program, args, { env });
      if (exitCode === 0) continue;
      console.error(output.trimEnd());
      throw new Refusal(
        `no Java was found and installing it failed (\`${[program, ...args].join(' ')}\`, above): install a Java runtime ${LEAST_JAVA} or newer in the image of this machine.`,
      );
    }
  });
}
