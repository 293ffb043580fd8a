/** `POST /api/call/OPERATION`: what the named callable answers, at one address. */
import { routes } from '@muster/contract/ops-api';
import type { OperationName } from '@muster/contract/operations';
import { firebaseAppCheck } from '../../src/platform/adapters/app-check';
import { addressOfFunctions, namedFunctionsAt } from '../../src/platform/adapters/named-functions';
import { localApi, type LocalApi } from '../local-api';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, atDoor, post, type Answer, type Sent } from '../security/suite-client';

describe('in the running suite', () => {
  let suite: RunningSuite;
  let staff: SuitePerson;
  beforeAll(async () => {
    suite = await runningSuite();
    staff = await suite.person('staff');
  });
  afterAll(() => suite.close());

  /** But for the correlation id, which each request has for itself: it must be the same in the header and in a refusal. */
  const answered = ({ status, json, headers }: Answer) => ({
    status,
    json: JSON.parse(
      JSON.stringify(json).replaceAll(headers.get('x-muster-correlation-id') ?? 'none', 'its own'),
    ) as unknown,
    type: headers.get('content-type')?.replace(/;.*$/u, ''),
    correlationId: headers.get('x-request-id'),
  });
  const both = async (name: OperationName, sent: Sent) => {
    const known = { ...sent, headers: { 'x-request-id': 'of-both', ...sent.headers } };
    const [named, door] = [answered(await post(name, known)), answered(await atDoor(name, known))];
    // What the protocol refuses by itself has no id there; the door gives it one.
    return { named: { ...named, correlationId: 'of-both' }, door };
  };
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;

  test.each<[string, string | undefined, Record<string, string>?]>([
    ['a call', '{"data":{}}'],
    ['a call of null', '{"data":null}'],
    ['a call with a field that is not of the request', '{"data":{"unheardOf":1}}'],
    ['a field __proto__', '{"data":{"__proto__":{"x":1}}}'],
    ['an unknown @type', '{"data":{"@type":"type.googleapis.com/nothing","value":"1"}}'],
    ['nesting without end', `{"data":${deep}}`],
    ['no data', '{}'],
    ['something beside data', '{"data":{},"more":1}'],
    ['a list', '[1]'],
    ['no JSON', '{"data":', { 'content-type': 'text/plain' }],
    ['a form', 'data=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no body', undefined],
  ])('%s is answered as by the named callable', async (_what, body, headers = {}) => {
    // One that api answers itself, and one that it hands on.
    for (const name of ['policy-get', 'connectors-deliver'] as const) {
      const { named, door } = await both(name, { authorization: staff.authorization, body, headers });
      expect(door).toEqual(named);
      expect(door.status).toBeLessThan(500);
    }
  });

  test.each([undefined, 'Bearer garbage', 'Bearer a.b.c', 'Basic c3RhZmY6c2VjcmV0'])(
    'a caller with %j is answered as by the named callable',
    async (authorization) => {
      const { named, door } = await both('drills-list', { authorization, body: '{"data":{}}' });
      expect(door).toEqual(named);
      expect(door.status).toBe(401);
    },
  );

  test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('%s is no call, at either address', async (method) => {
    const { authorization } = staff;
    const named = await fetch(`${process.env['MUSTER_FUNCTIONS_URL']}/policy-get`, {
      method,
      headers: { authorization },
    });
    const door = await fetch(`${process.env['MUSTER_API_URL']}/api/call/policy-get`, {
      method,
      headers: { authorization },
    });
    expect([door.status, await door.text()]).toEqual([named.status, await named.text()]);
    expect(door.status).toBe(400);
  });

  test.each(['nothing', '__proto__', 'constructor', 'api', 'drills-flagOverdue', 'drills', 'DRILLS-LIST'])(
    'there is no operation %s, in the words of the protocol',
    async (name) => {
      const { status, json } = await atDoor(name, { authorization: staff.authorization, body: '{"data":{}}' });
      expect({ status, json }).toMatchObject({
        status: 404,
        json: { error: { status: 'NOT_FOUND', details: { code: 'NOT_FOUND', reason: 'UNKNOWN_ROUTE' } } },
      });
    },
  );

  test('what is bound to a secret is answered by its named function, and reads as if it had been called there', async () => {
    const body = JSON.stringify({ data: { connectorId: 'con_unheardof' } });
    for (const authorization of [staff.authorization, undefined]) {
      const { named, door } = await both('connectors-deliver', { authorization, body });
      expect(door).toEqual(named);
      expect(door.json).toHaveProperty('error.details.reason');
    }
    const sealed = await atDoor('audit-seal', { authorization: staff.authorization, body: '{"data":{}}' });
    expect({ status: sealed.status, json: sealed.json }).toMatchObject({
      status: 200,
      json: { result: { head: { size: expect.any(Number) } } },
    });
  });

  test('it takes no route of the HTTP API its place', async () => {
    expect(Object.keys(routes).filter((route) => route.includes(' /api/call'))).toEqual([]);
    expect((await ask('GET /api/healthz', {})).status).toBe(200);
  });
});

describe('App Check', () => {
  let api: LocalApi;
  let staff: string;
  const asked: (string | undefined)[] = [];
  beforeAll(async () => {
    const appCheck = firebaseAppCheck(() => ({
      verifyToken: async (token: string) => {
        asked.push(token);
        if (token !== 'good') throw new Error('not one of ours');
        return { appId: 'app', token: {} as never };
      },
    }));
    api = await localApi({ appCheck });
    staff = await api.person('uid-staff', 'staff');
  });
  afterAll(() => api.close());
  const call = (headers: Record<string, string> = {}) =>
    api.ask('POST /api/call/policy-get', staff, { data: {} }, headers);

  test.each<[string, Record<string, string>, string]>([
    ['without a token', {}, 'NO_APP_CHECK'],
    ['with an empty one', { 'x-firebase-appcheck': '' }, 'NO_APP_CHECK'],
    ['with garbage', { 'x-firebase-appcheck': 'garbage' }, 'BAD_APP_CHECK'],
  ])('a call %s is refused, and told what to do', async (_what, headers, reason) => {
    expect(await call(headers)).toMatchObject({
      status: 401,
      json: {
        error: { status: 'UNAUTHENTICATED', details: { code: 'UNAUTHENTICATED', reason, next: expect.any(String) } },
      },
    });
  });

  test('a call from an app of the project passes, and still needs its user', async () => {
    expect(await call({ 'x-firebase-appcheck': 'good' })).toMatchObject({ status: 200, json: { result: {} } });
    const nobody = await api.ask(
      'POST /api/call/policy-get',
      'Bearer garbage',
      { data: {} },
      { 'x-firebase-appcheck': 'good' },
    );
    expect(nobody).toMatchObject({ status: 401, json: { error: { details: { reason: 'BAD_TOKEN' } } } });
  });

  test('services, which are no apps, are asked for none by the HTTP API', async () => {
    asked.length = 0;
    expect(await api.ask('GET /api/ops/drills', staff)).toMatchObject({ status: 200 });
    expect(await api.ask('GET /api/healthz', '')).toMatchObject({ status: 200 });
    expect(asked).toEqual([]);
  });
});

test('without the parameter nobody is asked for an App Check token', async () => {
  const api = await localApi();
  try {
    const staff = await api.person('uid-staff', 'staff');
    expect(await api.ask('POST /api/call/policy-get', staff, { data: {} })).toMatchObject({ status: 200 });
  } finally {
    await api.close();
  }
});

describe('an operation that is bound to a secret', () => {
  const handedOn: unknown[] = [];
  let answer: () => Promise<{ ok: boolean; status: number; text(): Promise<string> }>;
  let api: LocalApi;
  let staff: string;
  beforeAll(async () => {
    const address = addressOfFunctions({ project: () => 'prod', region: 'here', hub: undefined }, async () => ({}));
    const namedFunctions = namedFunctionsAt(address, (url, { headers, body }) => {
      handedOn.push({ url, headers, body });
      return answer();
    });
    api = await localApi({ namedFunctions }, ['audit-seal']);
    staff = await api.person('uid-staff', 'staff');
  });
  afterAll(() => api.close());
  const seal = (authorization = staff) =>
    api.ask(
      'POST /api/call/audit-seal',
      authorization,
      { data: { a: 1 } },
      { 'x-firebase-appcheck': 'app', 'x-request-id': 'one' },
    );
  const answers = (status: number, text: string) => async () => ({ ok: status < 300, status, text: async () => text });

  test('goes to its function with the token and the body of its caller, and nothing else of it', async () => {
    answer = answers(200, '{"result":{"sealed":0}}');
    expect(await seal()).toEqual({ status: 200, json: { result: { sealed: 0 } } });
    expect(handedOn).toEqual([
      {
        url: 'https://here-prod.cloudfunctions.net/audit-seal',
        headers: {
          authorization: staff,
          'x-firebase-appcheck': 'app',
          'x-request-id': 'one',
          'content-type': 'application/json',
        },
        body: '{"data":{"a":1}}',
      },
    ]);
  });

  test('is answered with the status and the body that its function gave, be it a refusal', async () => {
    const error = { status: 'UNAUTHENTICATED', message: 'no', details: { reason: 'NO_TOKEN', more: [1] } };
    answer = answers(401, JSON.stringify({ error }));
    expect(await seal('Bearer garbage')).toEqual({ status: 401, json: { error } });
  });

  test.each<[string, () => ReturnType<typeof answer>]>([
    ['does not answer', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['is not deployed', answers(404, '<html>404</html>')],
    ['is forbidden to be called', answers(403, '"forbidden"')],
  ])('whose function %s is unavailable, and says what to do', async (_what, given) => {
    answer = given;
    const { status, json } = await seal();
    expect({ status, json }).toMatchObject({
      status: 503,
      json: {
        error: {
          status: 'UNAVAILABLE',
          message: expect.stringContaining('audit-seal'),
          details: { code: 'UNAVAILABLE', reason: 'FUNCTION_UNREACHABLE', next: expect.stringContaining('deployed') },
        },
      },
    });
    expect(JSON.stringify(json)).not.toMatch(/ECONN|html|cloudfunctions/u);
  });

  test('is asked for by POST alone', async () => {
    handedOn.length = 0;
    expect((await api.ask('GET /api/call/audit-seal', staff)).status).toBe(400);
    expect(handedOn).toEqual([]);
  });
});

test('the functions of an emulator suite are where its hub says', async () => {
  const hub = async (url: string) => (url === 'http://hub:1/emulators' ? { functions: { host: 'h', port: 2 } } : {});
  const where = { project: () => 'demo-x', region: 'here' };
  expect(await addressOfFunctions({ ...where, hub: 'hub:1' }, hub)()).toBe('http://h:2/demo-x/here');
  await expect(addressOfFunctions({ ...where, hub: 'hub:2' }, hub)()).rejects.toThrow('knows of no functions');
});

test('an error that is not foreseen tells nothing of itself at the door either', async () => {
  const broken = { verify: async () => Promise.reject(new Error('secret detail')), confirm: async () => undefined };
  const api = await localApi({ verifier: broken });
  try {
    const { status, json } = await api.ask('POST /api/call/policy-get', 'Bearer any', { data: {} });
    expect({ status, json }).toMatchObject({ status: 500, json: { error: { status: 'INTERNAL' } } });
    expect(JSON.stringify(json)).not.toContain('secret detail');
    expect(api.backend.logged.some((line) => line.includes('policy-get failed'))).toBe(true);
  } finally {
    await api.close();
  }
});
