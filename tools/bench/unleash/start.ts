/** An Unleash server of the bench's own, with the flag `shipping.commit`. */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installUnleash } from './install';

export const FLAG = 'shipping.commit';
const LIMIT_MS = 90_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Unleash {
  ok: true;
  /** Of the API; its clients get it as it is. */
  url: string;
  /** Where its packages are. */
  folder: string;
  version: string;
  adminToken: string;
  clientToken: string;
  /** Resolves when the server acknowledged the change. */
  toggle(enabled: boolean): Promise<void>;
  /** Resolves when a client that asks now is told so; the server looks for changes once a second. */
  served(enabled: boolean): Promise<void>;
  /** Ends server and database and removes their data. Also done on Ctrl-C and when this process dies. */
  stop(): Promise<void>;
}

export type NoUnleash = { ok: false; why: string };

export const startUnleash = async (root = process.cwd()): Promise<Unleash | NoUnleash> => {
  const installation = await installUnleash(root);
  if (!installation.installed) return { ok: false, why: installation.why };
  const { folder, postgresBin, versions } = installation;
  const keeper = startKeeper(
    join(root, 'tools/bench/unleash/server.mjs'),
    [folder, postgresBin],
    join(folder, 'server.log'),
  );
  try {
    const access = await keeper.access;
    const { create, ...flag } = flagAt(access);
    await create();
    return { ok: true, ...access, folder, version: versions['unleash-server'] ?? '', ...flag, stop: keeper.stop };
  } catch (error) {
    await keeper.stop();
    return { ok: false, why: `${(error as Error).message} (${join(folder, 'server.log')} has more)` };
  }
};

interface Access {
  url: string;
  adminToken: string;
  clientToken: string;
}

const startKeeper = (program: string, args: string[], log: string) => {
  const output = openSync(log, 'w');
  const child = fork(program, args, {
    // A group of its own: Ctrl-C is for us, and we end it in order.
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    // Nothing else of ours: Unleash would take a DATABASE_URL from there.
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], CHECK_VERSION: 'false', SEND_TELEMETRY: 'false' },
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const onSignal = (signal: NodeJS.Signals): void => void stop().then(() => process.kill(process.pid, signal));
  const stop = async (): Promise<void> => {
    await end();
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { access: accessFrom(child, ended), stop };
};

const accessFrom = async (child: ChildProcess, ended: Promise<void>): Promise<Access> => {
  const limit = new AbortController();
  const answer = await Promise.race([
    new Promise<Access | { why: string }>((resolve) => void child.once('message', resolve)),
    ended.then(() => ({ why: 'the Unleash server ended while it started' })),
    sleep(LIMIT_MS, { why: `the Unleash server did not start within ${LIMIT_MS / 1000} s` }, { signal: limit.signal }),
  ]).finally(() => limit.abort());
  if ('why' in answer) throw new Error(answer.why);
  return answer;
};

const flagAt = ({ url, adminToken, clientToken }: Access) => {
  const call = async (token: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/${path}`, {
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Unleash answered ${response.status} to ${path}: ${text.slice(0, 200)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const features = 'admin/projects/default/features';
  const environment = `${features}/${FLAG}/environments/development`;
  const isServed = async (): Promise<boolean> => {
    const answer = (await call(clientToken, 'client/features')) as { features: { name: string; enabled: boolean }[] };
    return answer.features.some(({ name, enabled }) => name === FLAG && enabled);
  };
  return {
    /** Switching it on for the first time gives it the strategy that every flag gets: a rollout to 100 %. */
    create: () => call(adminToken, features, { name: FLAG, type: 'kill-switch' }),
    toggle: async (enabled: boolean): Promise<void> => {
      await call(adminToken, `${environment}/${enabled ? 'on' : 'off'}`, {});
    },
    served: async (enabled: boolean): Promise<void> => {
      const deadline = performance.now() + LIMIT_MS;
      while ((await isServed()) !== enabled) {
        if (performance.now() > deadline) throw new Error(`Unleash never served ${FLAG} as ${enabled}`);
        await sleep(50);
      }
    },
  };
};
