/** Backends of one project that nobody shares, each a process with parameters of its own, and people with tokens for them. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { OperationName } from '@muster/contract';
import { claimsOf, unsignedToken, type Claims } from '@muster/functions/test/security/tokens';
import type { Ran } from './captured-run';
import { behind, newDesk, newScenario, type Behind } from './muster';

export interface Deployed {
  url: string;
  /** Waits until it has logged this, which may reach us after the answer to the call that it is about. */
  logs(text: RegExp): Promise<void>;
  close(): Promise<void>;
}

export interface Person {
  uid: string;
  /** An ID token, as it would be signed. */
  token: string;
}

export interface Project {
  suite: Behind;
  projectId: string;
  scenario: string;
  /** Starts a backend whose MUSTER_ENVIRONMENT says this; undefined is not set at all. */
  deploy(environment: string | undefined): Promise<Deployed>;
  person(claims: Claims, over?: Claims): Promise<Person>;
  close(): Promise<void>;
}

export const newProject = async (): Promise<Project> => {
  const projectId = `demo-c${randomBytes(5).toString('hex')}`;
  const suite = behind(projectId);
  const started: Deployed[] = [];
  return {
    suite,
    projectId,
    scenario: await newScenario(suite),
    async deploy(environment) {
      const deployed = await deployedIn(projectId, environment);
      started.push(deployed);
      return deployed;
    },
    async person(claims, over = {}) {
      // Without a password: setting one ends the sessions that were begun before.
      const { uid } = await suite.auth.createUser({});
      const authTime = Math.floor(Date.now() / 1000);
      return { uid, token: unsignedToken(claimsOf(projectId, uid, { auth_time: authTime, ...claims, ...over })) };
    },
    async close() {
      await Promise.all(started.map((one) => one.close()));
      await suite.close();
    },
  };
};

/** Every function as it is bundled for deployment, in one process, outside of the suite's functions. */
const DEPLOYED_PROCESS = join(__dirname, '../../../functions/test/deployed/process.mjs');

const deployedIn = async (projectId: string, environment: string | undefined): Promise<Deployed> => {
  const { MUSTER_ENVIRONMENT: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [DEPLOYED_PROCESS], {
    env: {
      ...inherited,
      ...{
        GCLOUD_PROJECT: projectId,
        MUSTER_COMMIT_PROTOCOL: 'verify',
        MUSTER_ROLES: 'claims',
        MUSTER_MAX_DRILL_HOURS: '24',
      },
      MUSTER_DELIVERY_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
      ...(environment === undefined ? {} : { MUSTER_ENVIRONMENT: environment }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let logged = '';
  const log = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      logged += text;
      log.emit('text');
    });
  }
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`the backend ended with ${code}: ${logged}`)));
    log.on('text', () => {
      const [, listening] = /^listening on (\d+)$/mu.exec(logged) ?? [];
      if (listening) resolve(listening);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async logs(text) {
      const signal = AbortSignal.timeout(30_000);
      while (!text.test(logged)) await once(log, 'text', { signal });
    },
    async close() {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await closed;
    },
  };
};

/** `muster …` of someone with this token (or none) against this backend. */
export const musterAt = (
  { projectId }: Pick<Project, 'projectId'>,
  { url }: Pick<Deployed, 'url'>,
  token: string | undefined,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> =>
  newDesk().run(args, {
    ...{ MUSTER_PROJECT: projectId, MUSTER_FUNCTIONS_URL: url },
    ...(token === undefined ? {} : { MUSTER_ID_TOKEN: token }),
    ...env,
  });

/** Runs a schedule for a time, as Cloud Scheduler does. */
export const fireAt = async ({ url }: Pick<Deployed, 'url'>, schedule: 'chaos-rollback', time: Date): Promise<void> => {
  const { status } = await fetch(`${url}/${schedule}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'X-CloudScheduler-ScheduleTime': time.toISOString(),
      'X-CloudScheduler-JobName': schedule,
    },
    body: '{}',
  });
  if (status !== 200) throw new Error(`${schedule} answered ${status}`);
};

/** The same without the command line, as anybody can: what HTTP says, and the refusal. */
export const calledAt = async (
  { url }: Pick<Deployed, 'url'>,
  name: OperationName,
  data: object,
  token: string | undefined,
) => {
  const response = await fetch(`${url}/${name}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ data }),
  });
  const { error = {}, result } = (await response.json()) as {
    result?: Record<string, unknown>;
    error?: { message?: string; details?: { reason?: string; next?: string } };
  };
  return { status: response.status, message: error.message ?? '', ...error.details, result };
};

/** A proxy in front of a backend that says, whatever that is, that it is staging and that nobody stopped anything. */
export const lyingBefore = async ({ url }: Pick<Deployed, 'url'>): Promise<Omit<Deployed, 'logs'>> => {
  const server = createServer((incoming, outgoing) => {
    const handOn = async (): Promise<void> => {
      const body = Buffer.concat(await incoming.toArray());
      const headers = { 'content-type': 'application/json', authorization: incoming.headers.authorization ?? '' };
      const answer = await fetch(`${url}${incoming.url}`, { method: 'POST', headers, body });
      const said = (await answer.json()) as { result?: object };
      if (incoming.url?.endsWith('/chaos-status')) {
        said.result = { ...said.result, environment: 'staging', allowed: true, why: null, stopped: null };
      }
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    };
    handOn().catch(() => incoming.socket.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
