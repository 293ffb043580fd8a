/** What `index.ts` deploys, asked at its door: what is bound to a secret goes to its function, and all else is answered. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { operations } from '@muster/contract/operations';

type Deployed = typeof import('../../src');

let deployed: Deployed;
let server: Server;
let origin: string;
beforeAll(async () => {
  // Nobody is there: whoever is sent on is told so, and nobody else asks.
  Object.assign(process.env, {
    GCLOUD_PROJECT: 'demo-door',
    FIREBASE_EMULATOR_HUB: '127.0.0.1:1',
    MUSTER_COMMIT_PROTOCOL: 'verify',
  });
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(console, 'debug').mockReturnValue(undefined);
  deployed = require('../../src') as Deployed;
  const host = express().use(express.json());
  host.use((request, response) => void deployed.api(request as never, response));
  server = createServer(host).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  jest.restoreAllMocks();
  server.close();
});

const ENDPOINT = '__endpoint';
interface Deploys {
  [ENDPOINT]?: { secretEnvironmentVariables?: unknown[] };
}

/** The deployed function of an operation, `audit.queries.save` for `audit-queries-save`. */
const functionOf = (name: string): Deploys =>
  name.split('-').reduce<unknown>((group, part) => (group as Record<string, unknown>)[part], deployed) as Deploys;

const isBound = (name: string): boolean => (functionOf(name)[ENDPOINT]?.secretEnvironmentVariables ?? []).length > 0;

/** Nobody's call: whoever answers it refuses it, and says so. */
const askedAtDoor = async (path: string): Promise<{ status: number; reason: unknown }> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: '{"data":{}}' });
  const { error } = (await response.json()) as { error: { details: { reason: string } } };
  return { status: response.status, reason: error.details.reason };
};

test.each(Object.keys(operations))('%s is answered by api itself, unless it is bound to a secret', async (name) => {
  const expected = isBound(name)
    ? { status: 503, reason: 'FUNCTION_UNREACHABLE' }
    : { status: 401, reason: 'NO_TOKEN' };
  expect(await askedAtDoor(`/api/call/${name}`)).toEqual(expected);
  // The address of the function itself, where its name is left out of the path.
  expect(await askedAtDoor(`/call/${name}`)).toEqual(expected);
});

test('api is given no secret, and some operations are', () => {
  expect(functionOf('api')[ENDPOINT]?.secretEnvironmentVariables ?? []).toEqual([]);
  expect(Object.keys(operations).filter(isBound).toSorted()).toEqual(['audit-seal', 'connectors-deliver']);
});
