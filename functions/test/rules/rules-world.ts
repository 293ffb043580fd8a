/** The rules on the real emulator, in a project of their own; documents to ask for, and a client for each role. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { initializeTestEnvironment, type RulesTestEnvironment } from '@firebase/rules-unit-testing';
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectFirestoreEmulator, getFirestore, Timestamp, type Firestore } from 'firebase/firestore';
import { Firestore as ServerFirestore, Timestamp as ServerTimestamp } from '@google-cloud/firestore';
import { NORMAL } from '../../src/platform/guard';
import { emulatorHost } from '../harness';
import { revocationOf, roleNames, tokenOf, uidOf, type RoleName } from './roles';

export const DRILL = 'drills/drl_running';

/** A drill with all of those in it whose exclusion must have another reason than that they were not invited. */
export const RUNNING_DRILL = {
  exercise: true,
  scenarioId: 'token-compromise',
  status: 'in_progress',
  participants: [uidOf('participant'), uidOf('revoked participant')],
};

export interface RulesWorld {
  environment: RulesTestEnvironment;
  projectId: string;
  /** The server's view, past all rules: to lay out documents and to look at what was written. */
  server: ServerFirestore;
  /** A web client with this role's token, fresh or shared. */
  client(role: RoleName): Firestore;
  freshClient(role: RoleName): Firestore;
  close(): Promise<void>;
}

export const newRulesWorld = async (): Promise<RulesWorld> => {
  const [host = '', port = ''] = emulatorHost().split(':');
  const projectId = `demo-rules${randomBytes(4).toString('hex')}`;
  const rules = readFileSync(resolve(__dirname, '../../../firestore.rules'), 'utf8');
  const environment = await initializeTestEnvironment({
    projectId,
    firestore: { host, port: Number(port), rules },
  });
  const server = new ServerFirestore({ projectId, host: emulatorHost(), ssl: false });
  const apps: FirebaseApp[] = [];
  const shared = new Map<RoleName, Firestore>();

  const freshClient = (role: RoleName): Firestore => {
    const app = initializeApp({ projectId, apiKey: 'none' }, `${projectId}-${apps.length}`);
    apps.push(app);
    const firestore = getFirestore(app);
    const token = tokenOf(role);
    connectFirestoreEmulator(firestore, host, Number(port), token ? { mockUserToken: unsigned(token) } : {});
    return firestore;
  };

  for (const role of roleNames) {
    const revocation = revocationOf(role);
    if (!revocation) continue;
    const { validAfter, withdrawn } = revocation;
    await server.doc(`revocations/${uidOf(role)}`).set({ validAfter: forServer(validAfter), withdrawn });
  }
  await server.doc(DRILL).set(RUNNING_DRILL);
  await server.doc('policy/current').set(NORMAL);

  return {
    environment,
    projectId,
    server,
    client(role) {
      const client = shared.get(role) ?? freshClient(role);
      shared.set(role, client);
      return client;
    },
    freshClient,
    async close() {
      await Promise.all(apps.map((app) => deleteApp(app)));
      await server.terminate();
      await environment.cleanup();
    },
  };
};

const forServer = (value: unknown) =>
  value instanceof Timestamp ? ServerTimestamp.fromMillis(value.toMillis()) : value;

/** The emulator takes tokens without a signature; what counts here is what a token says, not who signed it. */
const unsigned = (payload: Record<string, unknown>): string =>
  `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(payload)}.`;
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
