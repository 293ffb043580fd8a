/** What the HTTP API owes to any client, whatever it asks: who may, where from, under which id. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpRoutes } from '../../src/http-routes';
import { apiApplication } from '../../src/platform/transport/api';
import { readiness } from '../../src/platform/transport/readiness';
import { FORMER_POLICY } from '@muster/contract/former-release';
import { NORMAL } from '@muster/guard/policy-document';
import { newBackend } from '../harness';
import { calledIn, transportOf } from '../local-api';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterAll(() => suite.close());

describe('who may', () => {
  const ROUTES = ['POST /api/ops/drills', 'GET /api/ops/drills', 'POST /api/ops/degraded', 'GET /api/ops/audit'];

  test.each(ROUTES)('%s answers 401 {ok: false, message}, and the message tells which', async (route) => {
    const body = route.startsWith('POST') ? '{}' : undefined;
    const member = await suite.person('member');
    const messages: unknown[] = [];
    for (const authorization of [undefined, 'Bearer garbage', member.authorization]) {
      const { status, ok, message } = refusalIn(await ask(route, { authorization, body }));
      messages.push([status, ok, message]);
    }
    expect(messages).toEqual([
      [401, false, 'No token came with this request.'],
      [401, false, 'The token is not a valid ID token of this project.'],
      [401, false, expect.stringMatching(/^This needs the role staff.*; you are signed in without it\.$/u)],
    ]);
  });

  test('an auditor reads and does not write', async () => {
    const { authorization } = await suite.person('auditor');
    const statuses: number[] = [];
    for (const route of ROUTES) {
      const body = route.startsWith('POST') ? '{}' : undefined;
      statuses.push((await ask(route, { authorization, body })).status);
    }
    expect(statuses).toEqual([401, 200, 401, 200]);
  });
});

describe('x-request-id', () => {
  test('is answered as it was sent; the correlation id in the audit is our own, and either finds the entry', async () => {
    const requestId = `${suite.mark}:request.1`;
    const answer = await ask('POST /api/ops/drills', {
      authorization: staff.authorization,
      headers: { 'x-request-id': requestId },
      body: JSON.stringify({ scenarioId: suite.scenarioId, status: 'scheduled' }),
    });
    expect(answer.headers.get('x-request-id')).toBe(requestId);
    const correlationId = answer.headers.get('x-muster-correlation-id') ?? '';
    expect(correlationId).toMatch(/^req_[a-z0-9]{20}$/u);
    const entry = { action: 'studio_ops.drill_event', correlationId, callerRequestId: requestId };
    for (const asked of [{ correlationId: requestId }, { correlationId }, { callerRequestId: requestId }])
      expect(await suite.entries(asked)).toMatchObject([entry]);
  });

  test('that is the correlation id of another request joins nobody to it', async () => {
    const first = await ask('GET /api/ops/audit', { authorization: staff.authorization });
    const theirs = first.headers.get('x-muster-correlation-id') ?? '';
    const answer = await ask('POST /api/ops/drills', {
      authorization: staff.authorization,
      headers: { 'x-request-id': theirs },
      body: JSON.stringify({ scenarioId: suite.scenarioId, status: 'scheduled' }),
    });
    expect(answer.headers.get('x-request-id')).toBe(theirs);
    expect(answer.headers.get('x-muster-correlation-id')).not.toBe(theirs);
    expect(await suite.entries({ correlationId: theirs })).toEqual([]);
    expect(await suite.entries({ callerRequestId: theirs })).toHaveLength(1);
  });

  test.each([undefined, 'a b', 'x'.repeat(129), '<script>'])('is made anew when %j came', async (sent) => {
    const answer = await ask('GET /api/healthz', { headers: sent === undefined ? {} : { 'x-request-id': sent } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[a-z0-9]{20}$/u);
  });

  test('stands beside a refusal, whose details have our own', async () => {
    const answer = await ask('GET /api/ops/audit', { headers: { 'x-request-id': 'mine' } });
    expect(answer.headers.get('x-request-id')).toBe('mine');
    const correlationId = answer.headers.get('x-muster-correlation-id');
    expect(correlationId).toMatch(/^req_[a-z0-9]{20}$/u);
    expect(answer.json).toMatchObject({ ok: false, details: { correlationId } });
  });
});

describe('what anyone may ask', () => {
  test('healthz says ok and the version, and nothing else', async () => {
    const { status, json } = await ask('GET /api/healthz', {});
    expect({ status, json }).toEqual({ status: 200, json: { ok: true, version: expect.stringMatching(/^\d+\.\d+/u) } });
  });

  test('readyz says that Firestore answers', async () => {
    const { status, json } = await ask('GET /api/readyz', {});
    expect({ status, json }).toEqual({ status: 200, json: { ok: true } });
  });

  test('readyz says so where the policy of 0.1.0 stands and none of this release; a document of a product does not matter', async () => {
    const backend = await newBackend();
    const policies = [backend.firestore.doc(FORMER_POLICY), backend.firestore.doc('muster_policy/current')] as const;
    const [former, current] = policies;
    const answers = async () => {
      const [, ready] = readiness(() => backend.deps);
      return ready!.answer();
    };
    try {
      await former.set({ version: 3, mode: { ...NORMAL.mode, name: 'read_only' }, killSwitches: {}, offline: {} });
      expect((await answers()).status).toBe(200);
      await current.delete();
      expect(await answers()).toEqual({
        status: 503,
        body: { ok: false, message: expect.stringContaining('docs/operations.md') },
      });
      expect(backend.logged.join('')).toContain('0.1.0');
      await former.set({ version: 'the second', mode: 'by mail' });
      expect((await answers()).status).toBe(200);
    } finally {
      await backend.close();
    }
  });

  test.each(['GET /api/nothing', 'DELETE /api/ops/drills', 'GET /api/ops/degraded', 'GET /api/', 'PUT /api/healthz'])(
    '%s is answered 404 in the same shape',
    async (route) => {
      const answer = await ask(route, { authorization: staff.authorization });
      expect(refusalIn(answer)).toMatchObject({ status: 404, ok: false, reason: 'UNKNOWN_ROUTE' });
    },
  );

  test('nothing that is answered is kept by a cache or taken for something else', async () => {
    const { headers } = await ask('GET /api/healthz', {});
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('set-cookie')).toBeNull();
  });
});

describe('a page of another origin', () => {
  const PREFLIGHT = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,x-request-id,idempotency-key',
  };

  test('is not allowed unless the parameter names it, and the suite names none', async () => {
    const answer = await ask('OPTIONS /api/ops/drills', { headers: { ...PREFLIGHT, origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('may call when the parameter names it, with the headers that the API takes; others may not', async () => {
    const backend = await newBackend();
    const deps = transportOf(backend);
    const application = apiApplication({
      deps: () => deps,
      routes: httpRoutes,
      openRoutes: readiness(() => deps),
      called: calledIn(() => deps),
      allowedOrigins: () => ['https://console.example'],
    });
    const server = createServer(application).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/ops/drills`;
    const asked = async (method: string, origin: string) => {
      const { headers } = await fetch(url, { method, headers: { ...(method === 'OPTIONS' ? PREFLIGHT : {}), origin } });
      return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
    };
    try {
      expect(await asked('OPTIONS', 'https://console.example')).toEqual({
        'access-control-allow-origin': 'https://console.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization,content-type,x-request-id,idempotency-key,x-firebase-appcheck',
        'access-control-expose-headers': 'x-request-id,x-muster-correlation-id',
        'access-control-max-age': '600',
      });
      // The refusal of a call without a token must be readable to the page too.
      expect(await asked('GET', 'https://console.example')).toMatchObject({
        'access-control-allow-origin': 'https://console.example',
      });
      for (const origin of ['https://evil.example', 'https://console.example.evil.example', 'null']) {
        expect(await asked('OPTIONS', origin)).not.toHaveProperty('access-control-allow-origin');
      }
    } finally {
      server.close();
      await backend.close();
    }
  });
});
