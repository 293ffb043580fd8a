/** Google, as far as checking a token needs it: the signing certificates, and what Firebase Auth knows of a user. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { selfSignedCertificate } from './certificate';

export const KEY_ID = 'key-of-this-test';

/** What `accounts:lookup` says of a user. */
export interface KnownUser {
  disabled?: boolean;
  /** Tokens of sessions that began before are over; seconds since 1970. */
  validSince?: number;
}

export interface Google {
  /** For the Admin SDK (`httpAgent`): whatever it asks for over HTTPS arrives here, in plain HTTP. */
  agent: Agent;
  privateKey: KeyObject;
  certificate: string;
  users: Map<string, KnownUser>;
  /** Every request, as `host/path`. */
  asked: string[];
  /** From now on it fails. */
  fail(): void;
  close(): Promise<void>;
}

export const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export const standInForGoogle = async (project: string): Promise<Google> => {
  const keys = keyPair();
  const certificate = selfSignedCertificate(keys, 'securetoken.system.gserviceaccount.com');
  const users = new Map<string, KnownUser>();
  const asked: string[] = [];
  let failing = false;

  const answers: Record<string, (request: IncomingMessage) => Promise<unknown>> = {
    'www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com': async () => ({
      [KEY_ID]: certificate,
    }),
    [`identitytoolkit.googleapis.com/v1/projects/${project}/accounts:lookup`]: async (request) => {
      const { localId } = (await json(request)) as { localId: string[] };
      return {
        users: localId.flatMap((uid) => {
          const user = users.get(uid);
          return user ? [{ localId: uid, ...user, validSince: String(user.validSince ?? 0) }] : [];
        }),
      };
    },
  };
  const server = createServer((request, response) => {
    const address = `${request.headers.host?.replace(/:443$/u, '')}${request.url}`;
    asked.push(address);
    const answer = failing ? undefined : answers[address];
    response.setHeader('content-type', 'application/json');
    if (!answer) {
      response.writeHead(failing ? 500 : 404).end('{"error":{"message":"NOT_HERE"}}');
      return;
    }
    response.setHeader('cache-control', 'public, max-age=3600');
    void answer(request).then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  class AgentToStandIn extends Agent {
    override createConnection() {
      return connect(port, '127.0.0.1');
    }
  }
  return {
    agent: new AgentToStandIn(),
    privateKey: keys.privateKey,
    certificate,
    users,
    asked,
    fail: () => (failing = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
