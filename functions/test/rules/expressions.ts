/**
 * How many of its 1,000 expressions a request takes. The emulator tells nobody; it denies what takes more. So a rule is made to
 * evaluate more and more before what is measured, until that is denied: what was left is what could be added.
 */
import { randomBytes } from 'node:crypto';
import { initializeTestEnvironment } from '@firebase/rules-unit-testing';
import { Firestore as ServerFirestore } from '@google-cloud/firestore';
import type { Firestore } from 'firebase/firestore';
import { emulatorHost } from '../harness';
import { emulatorAddress, isLetThrough, webClients } from './web-clients';

const LIMIT = 1000;

/** One request, and all that it needs to be let through. */
export interface Measured {
  /** The rules, with `PADDING` where more can be evaluated, in front of what is measured. */
  rules: string;
  /** Documents, by path. */
  stored: Record<string, object>;
  token: Record<string, unknown> | undefined;
  write: (client: Firestore) => Promise<unknown>;
}

/** Stands in rules for what is evaluated beside them. */
export const PADDING = '/*PADDING*/ true';

/** So many times `true`, evaluated whole; in pairs of pairs, because rules do not nest without end. */
const trues = (count: number): string =>
  count === 1 ? 'true' : `(${trues(Math.ceil(count / 2))} && ${trues(Math.floor(count / 2))})`;

const padded = (rules: string, count: number): string => rules.replace(PADDING, trues(count));

/** The most padding with which the request is let through; refuses when it is denied without any. */
const roomFor = async ({ rules, stored, token, write }: Measured): Promise<number> => {
  const projectId = `demo-count${randomBytes(4).toString('hex')}`;
  const server = new ServerFirestore({ projectId, host: emulatorHost(), ssl: false });
  for (const [path, document] of Object.entries(stored)) await server.doc(path).set(document);
  const clients = webClients(projectId);
  const client = clients.open(token);
  const passes = async (count: number): Promise<boolean> => {
    const firestore = { ...emulatorAddress(), rules: padded(rules, count) };
    const environment = await initializeTestEnvironment({ projectId, firestore });
    const through = await isLetThrough(write(client));
    await environment.cleanup();
    return through;
  };
  if (!(await passes(1))) throw new Error('denied without anything beside it');
  let [room, beyond] = [1, LIMIT];
  while (beyond - room > 1) {
    const middle = Math.floor((room + beyond) / 2);
    if (await passes(middle)) room = middle;
    else beyond = middle;
  }
  await clients.close();
  await server.terminate();
  return room;
};

/** What the limit comes to in padding, where nothing else is evaluated; a `true` and its `&&` may count as more than one. */
const whole = async (write: Measured['write']): Promise<number> =>
  roomFor({
    rules: `rules_version = '2';
service cloud.firestore { match /databases/{database}/documents { match /{any=**} { allow write: if ${PADDING}; } } }`,
    stored: {},
    token: { sub: 'uid-one', auth_time: 1 },
    write,
  });

/** Of 1,000 expressions, those that a request takes, rounded up. */
export const expressionsTaken = async (measured: Measured): Promise<number> => {
  const [all, left] = [await whole(measured.write), await roomFor(measured)];
  return Math.ceil(((all - left) / all) * LIMIT);
};
