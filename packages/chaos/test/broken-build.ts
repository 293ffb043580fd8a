/**
 * A whole backend in process, as it is deployed, in a project of its own: real functions behind a real HTTP server, real
 * Firestore with real rules, real tokens of the Auth emulator. A build of it may have one brake removed.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Firestore } from '@google-cloud/firestore';
import express, { type RequestHandler } from 'express';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { NORMAL } from '@muster/guard/policy-document';
import { emulatorHost } from '@muster/functions/test/harness';
import { musterRules } from '@muster/functions/test/rules/rules-files';
import { claimsOf, unsignedToken } from '@muster/functions/test/security/tokens';
import { DEVELOPMENT_DELIVERY_SECRET } from '@muster/functions/platform/deployment';
import { httpTarget, type Target } from '../src';

/** What is taken out of a build: functions of one module, or a line of the rules. */
export type Brake =
  { module: string; without: (actual: never) => object } | { rules: string; instead: string } | undefined;

/** A brake that some functions of a module are; `without` gives what stands in their place. */
export const functionsOf = <Module extends object>(
  module: string,
  without: (actual: Module) => Partial<Module>,
): Brake => ({ module, without });

export interface Build {
  target: Target;
  /** What is restricted, armed, delegated, registered or queued, by path. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** The same in each build, so that it is loaded once: the brakes are Muster's, and none of them is in the contract. */
const LIBRARIES = [
  ...['@google-cloud/firestore', 'firebase-admin/auth', 'firebase-admin/firestore'],
  ...['firebase-functions/params', 'firebase-functions/v2/https', 'firebase-functions/v2/scheduler'],
  ...['express', 'cors', 'zod', 'cockatiel', 'standardwebhooks'],
];
const CONTRACT = join(__dirname, '../../contract/src');

/** What the Functions emulator sets for the functions that it runs, tokens included: the callable protocol verifies none. */
const ENVIRONMENT = {
  FUNCTIONS_EMULATOR: 'true',
  FIREBASE_DEBUG_MODE: 'true',
  FIREBASE_DEBUG_FEATURES: JSON.stringify({ skipTokenVerification: true, enableCors: true }),
  MUSTER_ALLOWED_ORIGINS: '',
  MUSTER_APP_CHECK: 'false',
  MUSTER_AUDIT_NAMESPACES: '',
  MUSTER_AUDIT_RETENTION_DAYS: '400',
  MUSTER_COMMIT_PROTOCOL: 'verify',
  MUSTER_ROLES: 'claims',
  MUSTER_DELIVERY_SECRET: DEVELOPMENT_DELIVERY_SECRET,
  MUSTER_ENVIRONMENT: 'staging',
  MUSTER_MAX_DRILL_HOURS: '24',
  MUSTER_TWO_PERSON: 'false',
};

/** Before the first build, once for all of them. */
export const shareLibraries = (): void => {
  Object.assign(process.env, ENVIRONMENT);
  const contract = readdirSync(CONTRACT, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test)\.ts$/u.test(name))
    .map((name) => join(CONTRACT, name));
  for (const library of [...LIBRARIES, ...contract]) {
    const loaded: unknown = jest.requireActual(library);
    jest.doMock(library, () => loaded);
  }
  const apps: object = jest.requireActual('firebase-admin/app');
  jest.doMock('firebase-admin/app', () => ({ ...apps, getApps: () => [ownApp] }));
};

/** The only app that the build finds which is loaded now, and so its project. */
let ownApp: App | undefined;

/** Loads the backend anew, without this brake, and listens; its project is nobody else's, so that builds run beside one another. */
export const newBuild = async (brake: Brake): Promise<Build> => {
  const project = `demo-b${randomBytes(5).toString('hex')}`;
  const app = initializeApp({ projectId: project }, project);
  const firestore = new Firestore({ projectId: project, host: emulatorHost(), ssl: false });
  await firestore.doc('muster_policy/current').set(NORMAL);
  await getAuth(app).createUser({ uid: 'who-experiments' });
  const token = unsignedToken(claimsOf(project, 'who-experiments', { staff: true }));
  await loadRules(project, rulesWithout(brake));
  const running = await serve(brake, app);
  // By their names: what the door hands on would go to the functions of the suite.
  const address = { functionsUrl: running.functionsUrl, namedCallables: true };
  const place = { project, ...address, firestoreEmulator: emulatorHost() };

  return {
    target: httpTarget({ ...place, token: async () => token, fetch, now: Date.now }),
    async leftovers() {
      const policy = (await firestore.doc('muster_policy/current').get()).data();
      const standing = await Promise.all([
        ...['muster_connectors', 'muster_connectorQueues', 'muster_connectorWrites'].map((name) =>
          firestore.collection(name).get(),
        ),
        firestore.collection('muster_experiments').where('status', '==', 'armed').get(),
        firestore.collection('muster_delegations').where('revokedAt', '==', null).get(),
        firestore.collection('muster_activations').where('endedAt', '==', null).get(),
      ]);
      return [
        ...(isDeepStrictEqual(policy, NORMAL) ? [] : [`muster_policy/current: ${JSON.stringify(policy)}`]),
        ...standing.flatMap(({ docs }) => docs.map(({ ref }) => ref.path)),
      ];
    },
    async close() {
      await running.close();
      await firestore.terminate();
      await deleteApp(app);
    },
  };
};

const rulesWithout = (brake: Brake): string => {
  const rules = musterRules();
  if (!brake || !('rules' in brake)) return rules;
  if (rules.split(brake.rules).length !== 2) throw new Error(`not once in the rules: ${brake.rules}`);
  return rules.replace(brake.rules, () => brake.instead);
};

const loadRules = async (project: string, content: string): Promise<void> => {
  const response = await fetch(`http://${emulatorHost()}/emulator/v1/projects/${project}:securityRules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
  });
  if (!response.ok) throw new Error(`the emulator refused the rules: ${await response.text()}`);
};

/** Every deployed function under its name, loaded anew. */
const serve = async (brake: Brake, app: App) => {
  const deployed = loaded(brake, app);
  const host = express().use(express.json({ limit: '10mb' }));
  host.use('/api', deployed['api'] as unknown as RequestHandler);
  host.post('/:group-:operation', (request, response, next) => {
    const { group, operation } = request.params;
    const called = deployed[group]?.[operation];
    return called ? void called(request, response, next) : response.status(404).end();
  });
  const server = createServer(host).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    functionsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const loaded = (brake: Brake, app: App): Record<string, Record<string, RequestHandler>> => {
  ownApp = app;
  const path = brake && 'module' in brake ? brake.module : undefined;
  if (path !== undefined) jest.doMock(path, () => replaced(path, brake));
  let deployed: unknown;
  jest.isolateModules(() => {
    deployed = require('@muster/functions/index');
    // Wired now, while its app is the one that is found.
    (require('@muster/functions/compose') as typeof import('@muster/functions/compose')).deps();
  });
  if (path !== undefined) jest.dontMock(path);
  return deployed as Record<string, Record<string, RequestHandler>>;
};

const replaced = (path: string, brake: Brake): object => {
  const actual: object = jest.requireActual(path);
  const instead = brake && 'module' in brake ? brake.without(actual as never) : {};
  for (const name of Object.keys(instead)) if (!(name in actual)) throw new Error(`${path} has no ${name}`);
  return { ...actual, ...instead };
};
