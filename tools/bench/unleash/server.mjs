// A process of its own that keeps a PostgreSQL and an Unleash server, for as long as the channel to the bench
// is open. However the bench ends (Ctrl-C, a crash, kill -9), the channel closes, and both go, with their data.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOf } from './end-of.mjs';
import { freePort, startPostgres } from './postgres.mjs';

const [installation = '', postgresBin = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'muster-unleash-'));
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {Promise<never> | undefined} */
let ending;

process.on('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

try {
  const access = await start();
  if (process.connected) process.send?.(access);
} catch (error) {
  if (process.connected) process.send?.({ why: error instanceof Error ? error.message : String(error) });
  end();
}

async function start() {
  const secret = () => randomBytes(24).toString('hex');
  const db = await startPostgres({ bin: postgresBin, folder, password: secret(), started });
  const adminToken = `*:*.${secret()}`;
  const clientToken = `*:development.${secret()}`;
  const port = await freePort();
  const token = { tokenName: 'bench', projects: ['*'] };
  await startUnleash({
    db,
    server: { host: '127.0.0.1', port, gracefulShutdownEnable: false },
    authentication: {
      initApiTokens: [
        { ...token, secret: adminToken, type: 'admin', environment: '*' },
        { ...token, secret: clientToken, type: 'backend', environment: 'development' },
      ],
    },
  });
  return { url: `http://127.0.0.1:${port}/api`, adminToken, clientToken };
}

/**
 * @param {object} options of Unleash
 * @returns {Promise<void>}
 */
async function startUnleash(options) {
  const child = started(fork(fileURLToPath(new URL('unleash-process.mjs', import.meta.url)), [installation]));
  const ready = new Promise((resolve) => void child.once('message', resolve));
  child.send(options);
  await Promise.race([ready, endOf(child, 'unleash-server')]);
}

/**
 * Everything that is started goes through here, so that nothing is left when the end comes in between.
 *
 * @template {import('node:child_process').ChildProcess} Child
 * @param {Child} child
 */
function started(child) {
  running.add(child);
  child.once('close', () => running.delete(child));
  if (ending) child.kill('SIGINT');
  return child;
}

function end() {
  ending ??= (async () => {
    while (running.size > 0) {
      const ends = [...running].map((child) => new Promise((resolve) => void child.once('close', resolve)));
      // Ends initdb and Unleash, and is a fast shutdown to PostgreSQL.
      for (const child of running) child.kill('SIGINT');
      await Promise.all(ends);
    }
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  })();
}
