/** The command line beside the suite, within the test or as a process, with people and a config folder of its own. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth, type Auth } from 'firebase-admin/auth';
import { getFirestore, type Firestore } from 'firebase-admin/firestore';
import { NORMAL_POLICY } from '@muster/contract/normal-policy';
import { capturedRun, type Ran } from './captured-run';

// The SDK looks for a machine's own credentials otherwise, and warns that there are none.
process.env['METADATA_SERVER_DETECTION'] ??= 'none';

type Env = Record<string, string>;

export const BIN = join(__dirname, '..', '..', 'bin', 'muster.mjs');
const NOT_HANDED_ON = ['MUSTER_ID_TOKEN', 'MUSTER_PASSWORD', 'MUSTER_PORT_BASE', 'NO_COLOR', 'FORCE_COLOR'];

export const suiteEnvironment = (): Env => {
  for (const name of ['FIREBASE_AUTH_EMULATOR_HOST', 'FIRESTORE_EMULATOR_HOST', 'MUSTER_FUNCTIONS_URL']) {
    if (!process.env[name]) throw new Error(`${name} is not set: run this test with npm run emulated -- npx jest …`);
  }
  const kept = Object.entries(process.env).filter(([name]) => !NOT_HANDED_ON.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
};

/** Someone's own config folder, and the suite around it. */
export interface Desk {
  config: string;
  run(args: readonly string[], env?: Env): Promise<Ran>;
  /** Runs with --json, expects exit code 0, and gives the response. */
  json<Response>(args: readonly string[], env?: Env): Promise<Response>;
}

type Runs = (args: readonly string[], env: Env) => Promise<Ran>;

const deskThat = (runs: Runs): Desk => {
  const config = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  const runAs: Desk['run'] = (args, env = {}) => runs(args, { ...suiteEnvironment(), XDG_CONFIG_HOME: config, ...env });
  return {
    config,
    run: runAs,
    async json<Response>(args: readonly string[], env?: Env) {
      const { exitCode, stdout, stderr } = await runAs([...args, '--json'], env);
      if (exitCode !== 0) throw new Error(`muster ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as Response;
    },
  };
};

/** With the real backend and the real time: to load the program anew for each line would cost a second each time. */
const runHere: Runs = (args, env) => capturedRun(args, { env, now: () => new Date(), wait: async (ms) => wait(ms) });

/** The built program as a process of its own, for where the process, its signals or its pipes are the point. */
const runApart: Runs = (args, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ran: Ran = { exitCode: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ ...ran, exitCode }));
  });

export const newDesk = (): Desk => deskThat(runHere);

export const newProcessDesk = (): Desk => deskThat(runApart);

export interface Person {
  uid: string;
  email: string;
}

export const PASSWORD = 'rehearse-it';

/** The suite from behind, as its operator. */
export interface Behind {
  projectId: string;
  auth: Auth;
  firestore: Firestore;
  newPerson(claims?: Record<string, unknown>): Promise<Person>;
  close(): Promise<void>;
}

export const behind = (projectId: string = process.env['GCLOUD_PROJECT'] ?? ''): Behind => {
  const app = initializeApp({ projectId }, `${projectId}-${randomBytes(4).toString('hex')}`);
  const auth = getAuth(app);
  return {
    projectId,
    auth,
    firestore: getFirestore(app),
    async newPerson(claims) {
      const email = `p${randomBytes(6).toString('hex')}@example.com`;
      const { uid } = await auth.createUser({ email, emailVerified: true, password: PASSWORD });
      if (claims) await auth.setCustomUserClaims(uid, claims);
      return { uid, email };
    },
    close: () => deleteApp(app),
  };
};

/** A desk at which a new person of a role is signed in. */
export const deskOf = async (suite: Behind, claims?: Record<string, unknown>): Promise<Desk & Person> => {
  const person = await suite.newPerson(claims);
  const desk = newDesk();
  const { exitCode, stderr } = await desk.run(['login', '--email', person.email], { MUSTER_PASSWORD: PASSWORD });
  if (exitCode !== 0) throw new Error(`could not sign in: ${stderr}`);
  return { ...desk, ...person };
};

/** What a seeded suite has: a policy, and a scenario (one of the test's own, so that no seed is needed). */
export const newScenario = async ({ firestore }: Behind): Promise<string> => {
  await firestore
    .doc('muster_policy/current')
    .create(NORMAL_POLICY)
    .catch(() => undefined);
  const id = `cli-${randomBytes(5).toString('hex')}`;
  await firestore.doc(`muster_scenarios/${id}`).set({
    ...{ title: 'Token compromise', kind: 'tabletop', severity: 'P1', cadence: 'quarterly' },
    ...{ summary: 'A token leaks.', objectives: ['Revoke it'], steps: ['Revoke the token'], source: null },
    ...{ injects: [], signals: [] },
  });
  return id;
};
