/**
 * The HTTP API in process, on a project of its own: for what would stop everyone else on the one policy of the running
 * suite. Real express, real tokens of the Auth emulator, real store; Cloud Functions' parsing of bodies is express' own.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'express';
import { getAuth } from 'firebase-admin/auth';
import type { Role } from '@muster/contract/staff';
import { httpRoutes } from '../src/http-routes';
import { apiApplication } from '../src/platform/transport/api';
import { firebaseIdentityVerifier, type IdentityVerifier } from '../src/platform/adapters/identity-verifier';
import { readiness } from '../src/platform/transport/readiness';
import { newBackend, type Backend } from './harness';
import { claimsOf, unsignedToken } from './security/tokens';

export interface LocalApi {
  backend: Backend;
  origin: string;
  /** The Authorization header of a new user. */
  person(uid: string, role?: Role): Promise<string>;
  /** `POST /api/…`; a body that is undefined is not sent at all. */
  ask(route: string, authorization: string, body?: object): Promise<{ status: number; json: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** `verifier` replaces the real one: to have Firebase Auth not answer. */
export const localApi = async (verifier?: IdentityVerifier): Promise<LocalApi> => {
  const backend = await newBackend();
  backend.clock.now = new Date();
  const real = firebaseIdentityVerifier(
    () => getAuth(backend.app),
    () => new Date(),
  );
  const deps = { ...backend.deps, verifier: verifier ?? real };
  const application = apiApplication({
    deps: () => deps,
    routes: httpRoutes,
    openRoutes: readiness(() => deps),
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
    async ask(route, authorization, body) {
      const [method = '', path = ''] = route.split(' ');
      const response = await fetch(origin + path, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
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
