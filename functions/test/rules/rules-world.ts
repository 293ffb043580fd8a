/** The rules on the real emulator, in a project of their own; documents to ask for, and a client for each role. */
import { randomBytes } from 'node:crypto';
import { initializeTestEnvironment, type RulesTestEnvironment } from '@firebase/rules-unit-testing';
import { Timestamp, type Firestore } from 'firebase/firestore';
import { Firestore as ServerFirestore, Timestamp as ServerTimestamp } from '@google-cloud/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { BRINGS, rolesIn } from '@muster/contract/staff';
import { emulatorHost } from '../harness';
import { revocationOf, roleNames, tokenOf, uidOf, type RoleName } from './roles';
import { musterRules } from './rules-files';
import { emulatorAddress, webClients, type WebClients } from './web-clients';

export const DRILL = 'muster_drills/drl_running';

const NOTHING_REVOKED = { validAfter: Timestamp.fromMillis(0), withdrawn: [] };
const isUid = (uid: string): boolean => !uid.includes('/');
/** What a token claims, with what it brings; what was withdrawn since is not granted any more. */
const grantedTo = (role: RoleName): string[] => {
  const claimed = rolesIn(tokenOf(role)).flatMap((name) => [name, ...BRINGS[name]]);
  return [...new Set(claimed)].filter((name) => !revocationOf(role)?.withdrawn.includes(name));
};

/** When the drill began. */
export const STARTED = ServerTimestamp.fromMillis(Date.parse('2026-01-05T09:00:00Z'));

/** A drill with all of those in it whose exclusion must have another reason than that they were not invited. */
export const RUNNING_DRILL = {
  exercise: true,
  scenarioId: 'token-compromise',
  status: 'in_progress',
  startedAt: STARTED,
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
  /** Clients with whatever token. */
  clients: WebClients;
  close(): Promise<void>;
}

/**
 * With rules other than Muster's own file: what a project has that holds a product, too. `isByRoster`: what each one's claims say
 * was granted through Muster.
 */
export const newRulesWorld = async (rules = musterRules(), isByRoster = false): Promise<RulesWorld> => {
  const projectId = `demo-rules${randomBytes(4).toString('hex')}`;
  const environment = await initializeTestEnvironment({
    projectId,
    firestore: { ...emulatorAddress(), rules },
  });
  const server = new ServerFirestore({ projectId, host: emulatorHost(), ssl: false });
  const clients = webClients(projectId);
  const shared = new Map<RoleName, Firestore>();
  const freshClient = (role: RoleName): Firestore => clients.open(tokenOf(role));

  for (const role of roleNames) {
    const revocation = revocationOf(role) ?? (isByRoster && isUid(uidOf(role)) ? NOTHING_REVOKED : undefined);
    if (!revocation) continue;
    const { validAfter, withdrawn } = revocation;
    const granted = isByRoster ? { granted: grantedTo(role) } : {};
    await server
      .doc(`muster_revocations/${uidOf(role)}`)
      .set({ validAfter: forServer(validAfter), withdrawn, ...granted });
  }
  await server.doc(DRILL).set(RUNNING_DRILL);
  await server.doc('muster_policy/current').set(NORMAL);

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
    clients,
    async close() {
      await clients.close();
      await server.terminate();
      await environment.cleanup();
    },
  };
};

const forServer = (value: unknown) =>
  value instanceof Timestamp ? ServerTimestamp.fromMillis(value.toMillis()) : value;
