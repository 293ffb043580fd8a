/** The rules of some product that copied the helpers, on the real emulator, in a project of their own. */
import { randomBytes } from 'node:crypto';
import { initializeTestEnvironment } from '@firebase/rules-unit-testing';
import { Firestore as ServerFirestore } from '@google-cloud/firestore';
import { collection, deleteDoc, doc, setDoc, updateDoc, type Firestore } from 'firebase/firestore';
import { NORMAL } from '@muster/guard/policy-document';
import { emulatorHost } from '../harness';
import { helpersFile } from './rules-files';
import { emulatorAddress, isLetThrough, webClients } from './web-clients';

/** The helpers, and a match that asks for whatever capability a test has written into the document. */
const HOST_RULES = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
${helpersFile()}
    match /work/{id} {
      allow create: if allows(request.resource.data.capability);
      allow update: if writable();
      allow delete: if signedIn();
    }
  }
}`;

export interface HostRules {
  projectId: string;
  /** Stores a policy as it is given; undefined for none. It holds when this has returned. */
  setPolicy(policy: object | undefined): Promise<void>;
  /** Stores what is said of somebody's sessions; undefined for nothing. */
  setRevocation(uid: string, revocation: object | undefined): Promise<void>;
  /** Whether who has a token counts as signed in. */
  isSignedIn(token: Record<string, unknown> | undefined): Promise<boolean>;
  /** Whether someone, undefined for who is not signed in, may create a document under a capability. */
  creates(uid: string | undefined, capability: unknown): Promise<boolean>;
  /** Whether someone may write what has no capability of its own. */
  updates(uid: string | undefined): Promise<boolean>;
  close(): Promise<void>;
}

export const hostRules = async (): Promise<HostRules> => {
  const projectId = `demo-host${randomBytes(4).toString('hex')}`;
  const environment = await initializeTestEnvironment({
    projectId,
    firestore: { ...emulatorAddress(), rules: HOST_RULES },
  });
  const server = new ServerFirestore({ projectId, host: emulatorHost(), ssl: false });
  const clients = webClients(projectId);
  const open = new Map<string | undefined, Firestore>();
  const clientOf = (uid: string | undefined): Firestore => {
    const client = open.get(uid) ?? clients.open(uid === undefined ? undefined : { sub: uid });
    open.set(uid, client);
    return client;
  };
  const policy = server.doc('muster_policy/current');
  await policy.set(NORMAL);
  await server.doc('work/there').set({ times: 0 });

  return {
    projectId,
    async setPolicy(next) {
      await (next ? policy.set(next) : policy.delete());
    },
    async setRevocation(uid, revocation) {
      const document = server.doc(`muster_revocations/${uid}`);
      await (revocation ? document.set(revocation) : document.delete());
    },
    isSignedIn: (token) => isLetThrough(deleteDoc(doc(clients.open(token), 'work/none'))),
    creates: (uid, capability) => isLetThrough(setDoc(doc(collection(clientOf(uid), 'work')), { capability })),
    updates: (uid) => isLetThrough(updateDoc(doc(clientOf(uid), 'work/there'), { times: Math.random() })),
    async close() {
      await clients.close();
      await server.terminate();
      await environment.cleanup();
    },
  };
};
