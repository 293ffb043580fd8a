/**
 * The HTTP API in process, on a project of its own: for what would stop everyone else on the one policy of the running
 * suite. Real express, real tokens of the Auth emulator, real store; Cloud Functions' parsing of bodies is express' own.
 */
import { EMULATED } from './emulated-protocol';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'express';
import { getAuth } from 'firebase-admin/auth';
import type { Role } from '@muster/contract/staff';
import { httpRoutes } from '../src/http-routes';
import { apiApplication } from '../src/platform/transport/api';
import { firebaseIdentityVerifier } from '../src/platform/adapters/identity-verifier';
import type { Transport } from '../src/platform/transport/callable';
import { callables } from '../src/platform/transport/named-callables';
import { readiness } from '../src/platform/transport/readiness';
import { everyOperation } from './every-operation';
import { newBackend, type Backend } from './harness';
import { claimsOf, unsignedToken } from './security/tokens';

export interface LocalApi {
  backend: Backend;
  origin: string;
  /** The Authorization header of a new user. */
  person(uid: string, role?: Role): Promise<string>;
  /** `POST /api/…`; a body that is undefined is not sent at all. */
  ask(
    route: string,
    authorization: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; json: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** What replaces the adapters of the transports: to have Firebase Auth not answer, say. */
export type Over = Partial<Pick<Transport, 'verifier' | 'appCheck' | 'namedFunctions'>>;

/** What `apiApplication` needs beyond what operations do; nothing is called by its name here. */
export const transportOf = (backend: Backend, over: Over = {}): Transport => ({
  ...backend.deps,
  verifier: firebaseIdentityVerifier(
    () => getAuth(backend.app),
    () => new Date(),
  ),
  appCheck: undefined,
  namedFunctions: { call: async (name) => Promise.reject(new Error(`${name} was called by its name`)) },
  ...over,
});

/** Every operation behind the door; those of `secret` as bound to one. */
export const calledIn = (deps: () => Transport, secret: readonly string[] = []) => {
  const { callable, called } = callables({ named: true });
  for (const operation of everyOperation) {
    callable(deps, operation, secret.includes(operation.name) ? { secrets: ['A_SECRET'] } : {});
  }
  return called;
};

export const localApi = async (over: Over = {}, secret: readonly string[] = []): Promise<LocalApi> => {
  if (process.env['FIREBASE_DEBUG_FEATURES'] !== EMULATED) throw new Error('the callable protocol is not emulated');
  const backend = await newBackend();
  backend.clock.now = new Date();
  const deps = transportOf(backend, over);
  const application = apiApplication({
    deps: () => deps,
    routes: httpRoutes,
    openRoutes: readiness(() => deps),
    called: calledIn(() => deps, secret),
    allowedOrigins: () => [],
  });
  const parse = json();
  const server = createServer((request, response) =>
    parse(request, response, () => application(request, response)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    backend,
    origin,
    async person(uid, role) {
      const claims = role === undefined ? {} : { [role]: true };
      // Without a password: setting one ends the sessions that were begun before, as the token's was.
      await getAuth(backend.app).createUser({ uid });
      return `Bearer ${unsignedToken(claimsOf(backend.projectId, uid, claims))}`;
    },
    async ask(route, authorization, body, headers = {}) {
      const [method = '', path = ''] = route.split(' ');
      const response = await fetch(origin + path, {
        method,
        headers: { authorization, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await backend.close();
    },
  };
};
