/** Web clients of one project of the emulator, each with the token that it is given. */
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectFirestoreEmulator, getFirestore, type Firestore } from 'firebase/firestore';
import { emulatorHost } from '../harness';

/** Where the emulator is, as the web SDK wants to hear it. */
export const emulatorAddress = (): { host: string; port: number } => {
  const [host = '', port = ''] = emulatorHost().split(':');
  return { host, port: Number(port) };
};

export interface WebClients {
  /** A new client; without a token, of someone who did not sign in. */
  open(token?: Record<string, unknown>): Firestore;
  close(): Promise<void>;
}

export const webClients = (projectId: string): WebClients => {
  const apps: FirebaseApp[] = [];
  return {
    open(token) {
      const app = initializeApp({ projectId, apiKey: 'none' }, `${projectId}-${apps.length}`);
      apps.push(app);
      const firestore = getFirestore(app);
      const { host, port } = emulatorAddress();
      connectFirestoreEmulator(firestore, host, port, token ? { mockUserToken: unsigned(token) } : {});
      return firestore;
    },
    async close() {
      await Promise.all(apps.map((app) => deleteApp(app)));
    },
  };
};

/** Whether a write came through. Anything but a refusal by the rules is a failure of the test. */
export const isLetThrough = async (attempt: Promise<unknown>): Promise<boolean> => {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'permission-denied') return false;
    throw error;
  }
};

/** The emulator takes tokens without a signature; what counts here is what a token says, not who signed it. */
const unsigned = (payload: Record<string, unknown>): string =>
  `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(payload)}.`;
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
