import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endOf } from './end-of.mjs';

const HOST = '127.0.0.1';
const USER = 'unleash';

/**
 * A PostgreSQL of our own on a free port, in a folder that its caller throws away.
 *
 * @typedef {object} Options
 * @property {string} bin where its programs are
 * @property {string} folder
 * @property {string} password
 * @property {<Child extends import('node:child_process').ChildProcess>(child: Child) => Child} started is told of
 *   each process at once, so that it can be ended also while this has not returned yet
 *
 * @param {Options} options
 */
export async function startPostgres({ bin, folder, password, started }) {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const owner = unprivilegedOwner();
  if (owner) for (const path of [folder, data, passwordFile]) chownSync(path, owner.uid, owner.gid);

  /**
   * @param {string} program
   * @param {string[]} args
   */
  const start = (program, args) => {
    const command = [...(owner ? owner.prefix : []), join(bin, program), ...args];
    const child = started(
      spawn(command[0] ?? '', command.slice(1), { cwd: folder, stdio: ['ignore', 'inherit', 'pipe'] }),
    );
    child.stderr.pipe(process.stderr, { end: false });
    return child;
  };

  // No sync: nothing of this outlives the bench. The running server keeps its default durability.
  const making = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', '--locale=C.UTF-8'];
  await endOf(start('initdb', [`--pgdata=${data}`, `--username=${USER}`, ...making]), 'initdb');
  const port = await freePort();
  const settings = { listen_addresses: HOST, port, unix_socket_directories: '', lc_messages: 'C' };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = start('postgres', ['-D', data, ...given]);
  await Promise.race([readinessOf(server), endOf(server, 'postgres')]);
  return { host: HOST, port, user: USER, password, database: 'postgres', ssl: false };
}

/**
 * PostgreSQL refuses to run as root. Should our process be killed with no time to end it, the kernel does:
 * that is what `pdeathsig` asks for, with the signal for a fast shutdown.
 */
function unprivilegedOwner() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const prefix = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=INT', '--'];
  return { uid: id('-u'), gid: id('-g'), prefix };
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<void>}
 */
function readinessOf(server) {
  let told = '';
  return new Promise((resolve) => {
    const listen = (/** @type {Buffer} */ chunk) => {
      told += chunk.toString();
      if (!told.includes('ready to accept connections')) return;
      server.stderr?.off('data', listen);
      resolve();
    };
    server.stderr?.on('data', listen);
  });
}

/** @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: HOST, port: 0 }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
