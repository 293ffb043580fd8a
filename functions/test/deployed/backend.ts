/**
 * What is deployed, as bundled, in a process and a project of its own: for what calls every function by its name, for which the
 * emulator would start fifty processes and keep them. It has the environment that the emulator gives its functions.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseEnv } from 'node:util';
import { Firestore } from '@google-cloud/firestore';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth, type Auth } from 'firebase-admin/auth';
import { NORMAL } from '@muster/guard/policy-document';
import { emulatorHost } from '../harness';
import { clientAt, type Client } from '../security/suite-client';

export interface DeployedBackend extends Client {
  project: string;
  firestore: Firestore;
  auth: Auth;
  close(): Promise<void>;
}

/** A fresh installation, whose policy is "normal". */
export const deployedBackend = async (): Promise<DeployedBackend> => {
  const project = `demo-d${randomBytes(5).toString('hex')}`;
  const app = initializeApp({ projectId: project }, project);
  const firestore = new Firestore({ projectId: project, host: emulatorHost(), ssl: false });
  await firestore.doc('muster_policy/current').set(NORMAL);
  const running = await started(project);
  return {
    ...clientAt(running.origin),
    project,
    firestore,
    auth: getAuth(app),
    async close() {
      await running.end();
      await firestore.terminate();
      await deleteApp(app);
    },
  };
};

const FUNCTIONS = join(__dirname, '../..');
/** The files that the emulator reads parameters and secrets from, for the suite's project. */
const SETTINGS = ['.env', '.env.demo-muster', 'deploy/.secret.local'];

/** Tokens are checked by Muster alone, as on the emulator; what cannot be parsed is answered as deployed. */
const environmentOf = (project: string) => ({
  ...parseEnv(SETTINGS.map((name) => readFileSync(join(FUNCTIONS, name), 'utf8')).join('\n')),
  GCLOUD_PROJECT: project,
  NODE_ENV: 'production',
  FUNCTIONS_EMULATOR: 'true',
  FIREBASE_DEBUG_MODE: 'true',
  FIREBASE_DEBUG_FEATURES: JSON.stringify({ skipTokenVerification: true, enableCors: true }),
});

const started = async (project: string): Promise<{ origin: string; end(): Promise<void> }> => {
  const child = spawn(process.execPath, [join(__dirname, 'process.mjs')], {
    env: { ...process.env, ...environmentOf(project) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // It logs each refusal; only why it did not start is of interest.
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-5_000)));
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The deployed functions did not start: ${said}`)));
    createInterface(child.stdout).on('line', (line) => {
      const [, listening] = /^listening on (\d+)$/u.exec(line) ?? [];
      if (listening !== undefined) resolve(listening);
    });
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    end() {
      child.stdin.end();
      return ended;
    },
  };
};
