/** What someone tries who knows HTTP and not Muster. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { ask, internalsIn, post, refusalIn } from './suite-client';
import { claimsOf, unsignedToken } from './tokens';

const PROJECT = 'demo-muster';
const uid = `sec${randomBytes(5).toString('hex')}`;
const authorization = `Bearer ${unsignedToken(claimsOf(PROJECT, uid, { staff: true }))}`;

let app: App;
beforeAll(async () => {
  app = initializeApp({ projectId: PROJECT }, uid);
  await getAuth(app).createUser({ uid });
});
afterAll(async () => {
  await getAuth(app).deleteUser(uid);
  await deleteApp(app);
});

const ROUTE = 'GET /api/ops/audit?limit=1';

describe('x-request-id', () => {
  test.each(['req-1', 'A.b_c:d-9', 'a'.repeat(128)])('%j is answered as it came', async (id) => {
    const { headers } = await ask(ROUTE, { authorization, headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toBe(id);
  });

  test.each(['<script>', 'a b', 'a\tb', 'ä', 'a, b', '${jndi:ldap://x}', 'a'.repeat(129), '../../audit', 'a%0d%0ab'])(
    '%j is replaced by one of our own',
    async (id) => {
      const { headers } = await ask(ROUTE, {
        authorization,
        headers: { 'x-request-id': Buffer.from(id).toString('latin1') },
      });
      expect(headers.get('x-request-id')).toMatch(/^req_[a-z0-9]{20}$/u);
    },
  );

  test('a callable answers it too, and makes one where none came', async () => {
    const body = '{"data":{}}';
    const given = await post('policy-get', { authorization, body, headers: { 'x-request-id': 'mine' } });
    expect(given.headers.get('x-request-id')).toBe('mine');
    const made = await post('policy-get', { authorization, body });
    expect(made.headers.get('x-request-id')).toMatch(/^req_[a-z0-9]{20}$/u);
  });

  test('sent twice it is neither', async () => {
    const url = new URL('/api/ops/audit', process.env['MUSTER_API_URL']);
    const answered = await new Promise((resolve, reject) => {
      request(url, { headers: { authorization, 'x-request-id': ['one', 'two'] } }, (response) => {
        response.resume();
        resolve(response.headers['x-request-id']);
      })
        .once('error', reject)
        .end();
    });
    expect(answered).toMatch(/^req_[a-z0-9]{20}$/u);
  });
});

describe('another origin', () => {
  test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'https://evil.example, https://other.example'])(
    'a page of %s is not allowed to read the HTTP API',
    async (origin) => {
      const { headers } = await ask(ROUTE, { authorization, headers: { origin } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  test('nor told by a preflight that it may', async () => {
    const { headers } = await ask('OPTIONS /api/ops/drills', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('access-control-allow-methods')).toBeNull();
  });

  test('callables answer any page, but never with credentials of the browser', async () => {
    const { headers } = await post('policy-get', { body: '{"data":{}}', headers: { origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('another way to the same address', () => {
  // Those that reach a route need a token there as well; the others reach nothing.
  test.each([
    'GET /api/ops/audit/',
    'GET /api/OPS/audit',
    'GET /api//ops/audit',
    'GET //api/ops/audit',
    'GET /API/ops/audit',
    'GET /api/ops/../ops/audit',
    'GET /api/%6fps/audit',
    'GET /api/ops%2faudit',
    'GET /api/ops/audit;x=1',
    'GET /api/ops/audit%00',
    'GET /api/ops/audit?authorization=x&token=x&access_token=x',
    'HEAD /api/ops/audit',
    'PUT /api/ops/drills',
    'DELETE /api/ops/drills',
    'PATCH /api/ops/degraded',
    'POST /api/ops/audit',
  ])('%s gets no one in without a token', async (route) => {
    const answer = await ask(route, {});
    expect([401, 404]).toContain(answer.status);
    expect(internalsIn(answer.text)).toBeUndefined();
  });

  test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    '%s does not turn a read into a change',
    async (header) => {
      const answer = await ask('GET /api/ops/degraded', { authorization, headers: { [header]: 'POST' } });
      expect(refusalIn(answer)).toMatchObject({ status: 404, reason: 'UNKNOWN_ROUTE' });
    },
  );

  test.each(['x-original-url', 'x-rewrite-url', 'x-forwarded-prefix'])('%s does not move a request', async (header) => {
    const answer = await ask('GET /api/healthz', { headers: { [header]: '/api/ops/audit' } });
    expect(answer.json).toEqual({ ok: true, version: expect.any(String) });
  });

  test.each(['x-callable-context-auth', 'x-original-auth', 'x-endpoint-api-userinfo', 'x-apigateway-api-userinfo'])(
    '%s is nobody',
    async (header) => {
      const claimed = encodeURIComponent(JSON.stringify({ uid, token: { sub: uid, uid, staff: true } }));
      const called = await post('drills-list', { body: '{"data":{}}', headers: { [header]: claimed } });
      expect(refusalIn(called)).toMatchObject({ status: 401, reason: 'NO_TOKEN' });
      const asked = await ask(ROUTE, { headers: { [header]: claimed } });
      expect(refusalIn(asked)).toMatchObject({ status: 401, reason: 'NO_TOKEN' });
    },
  );

  test('a callable is not called by GET', async () => {
    const url = `${process.env['MUSTER_FUNCTIONS_URL']}/policy-get?data={}`;
    const answer = await fetch(url, { headers: { authorization } });
    expect(answer.status).toBe(400);
    expect(internalsIn(await answer.text())).toBeUndefined();
  });

  test('an App Check token is no ID token', async () => {
    const answer = await post('drills-list', {
      body: '{"data":{}}',
      headers: { 'x-firebase-appcheck': authorization },
    });
    expect(refusalIn(answer)).toMatchObject({ status: 401, reason: 'NO_TOKEN' });
  });
});

describe('Idempotency-Key', () => {
  const body = JSON.stringify({ scenarioId: uid, status: 'cancelled' });
  test.each(['', 'a b', '../x', '<b>', 'a'.repeat(129), 'one, two', '{"$gt":""}'])(
    '%j is refused by name',
    async (key) => {
      const answer = await ask('POST /api/ops/drills', { authorization, body, headers: { 'idempotency-key': key } });
      expect(refusalIn(answer)).toMatchObject({ status: 400, reason: 'BAD_INPUT', fields: ['Idempotency-Key'] });
    },
  );

  test('does not stand beside a requestId in the body', async () => {
    const both = JSON.stringify({ scenarioId: uid, status: 'cancelled', requestId: 'other' });
    const answer = await ask('POST /api/ops/drills', {
      authorization,
      body: both,
      headers: { 'idempotency-key': 'k' },
    });
    expect(refusalIn(answer)).toMatchObject({ status: 400, fields: ['requestId'] });
  });

  test('means nothing to a read', async () => {
    const answer = await ask(ROUTE, { authorization, headers: { 'idempotency-key': '../x' } });
    expect(answer.status).toBe(200);
  });
});

test.each(['Authorization', 'x-request-id', 'x-junk'])('a header %s of 12 KB is endured', async (name) => {
  const answer = await ask(ROUTE, { headers: { [name]: 'a'.repeat(12_000) } });
  expect([401, 431]).toContain(answer.status);
  expect(internalsIn(answer.text)).toBeUndefined();
});

test('answers are not cached and not sniffed', async () => {
  const { headers } = await ask(ROUTE, { authorization });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('etag')).toBeNull();
});

test('what anyone may ask says no more than it must', async () => {
  expect((await ask('GET /api/healthz', {})).json).toEqual({
    ok: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/u),
  });
  expect((await ask('GET /api/readyz', {})).json).toEqual({ ok: true });
});
