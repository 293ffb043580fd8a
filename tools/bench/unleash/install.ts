/** Unleash from the npm registry and PostgreSQL from the distribution, where they can be had. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Git-ignored, so that 190 MB of another product never become part of this one's packages. */
const FOLDER = '.muster/bench/unleash';
const PINNED = 'tools/bench/unleash/package.json';
const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const LIMIT_MS = 300_000;

export type Installation =
  | { installed: true; folder: string; postgresBin: string; versions: Record<string, string> }
  | { installed: false; why: string };

/** Installs what is missing. Never throws: a bench without Unleash is still a bench. */
export const installUnleash = async (root = process.cwd()): Promise<Installation> => {
  try {
    const postgresBin = findPostgres() ?? (await installPostgres());
    const folder = join(root, FOLDER);
    const versions = pinnedVersions(join(root, PINNED));
    if (!holds(folder, versions)) await installPackages(folder, join(root, PINNED));
    if (!holds(folder, versions)) throw new Error(`npm did not install the versions of ${PINNED}`);
    return { installed: true, folder, postgresBin, versions };
  } catch (error) {
    return { installed: false, why: inOneLine(error) };
  }
};

/** The newest server of the distribution; a cluster that runs already is never touched. */
const findPostgres = (): string | undefined => {
  if (!existsSync(POSTGRES_VERSIONS)) return undefined;
  return readdirSync(POSTGRES_VERSIONS)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES_VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
};

const installPostgres = async (): Promise<string> => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('PostgreSQL is not installed: as root on Debian, apt-get install postgresql');
  }
  console.log(
    'Installing PostgreSQL from the distribution (apt-get install postgresql) for the comparison with Unleash',
  );
  // A run level without services: the package makes a cluster of the system's own, which is not ours to start.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const aptGet = (...args: string[]) => run('apt-get', ['-qq', ...args], { env, timeout: LIMIT_MS });
  await aptGet('update');
  await aptGet('install', '-y', '--no-install-recommends', 'postgresql');
  const bin = findPostgres();
  if (bin === undefined) throw new Error(`apt-get installed no PostgreSQL under ${POSTGRES_VERSIONS}`);
  return bin;
};

const installPackages = async (folder: string, pinned: string): Promise<void> => {
  console.log(`Installing Unleash into ${FOLDER} (npm install) for the comparison, once`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(pinned, join(folder, 'package.json'));
  // Without install scripts: none is needed, and one of them reports the installation to a third party.
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retries=1',
    '--fetch-timeout=30000',
  ];
  await run('npm', ['install', '--prefix', folder, ...quiet], { cwd: folder, timeout: LIMIT_MS });
};

const pinnedVersions = (path: string): Record<string, string> =>
  (JSON.parse(readFileSync(path, 'utf8')) as { dependencies: Record<string, string> }).dependencies;

/** npm writes this file last, so an installation that was interrupted has none. */
const holds = (folder: string, versions: Record<string, string>): boolean => {
  const record = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages } = JSON.parse(readFileSync(record, 'utf8')) as { packages: Record<string, { version?: string }> };
  return Object.entries(versions).every(([name, version]) => packages[`node_modules/${name}`]?.version === version);
};

/** The first line of npm or apt-get that says what is wrong in words; codes come before it. */
const inOneLine = (error: unknown): string => {
  const { stderr = '', message } = error as Error & { stderr?: string };
  const told = stderr.split('\n').find((line) => /^(npm error (?!code |syscall |errno )|E: )/u.test(line));
  return told ?? message.split('\n')[0] ?? message;
};
