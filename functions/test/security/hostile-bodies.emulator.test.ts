/** What the wire can carry that no client of ours sends: every callable and every route answers 4xx, plainly, and writes nothing. */
import { operations, type OperationName } from '@muster/contract/operations';
import { routes } from '@muster/contract/ops-api';
import { deployedBackend, type DeployedBackend } from '../deployed/backend';
import { TOO_LONG } from './hostile-values';
import { storedWith } from './stored';
import { internalsIn, refusalIn, type Answer, type Sent } from './suite-client';
import { claimsOf, unsignedToken } from './tokens';
import { validRequests, validRouteRequests } from './valid-requests';

const uid = 'sec0123456789';
const subject = { scenarioId: uid, drillId: `drl_${uid}`, uid };
const names = Object.keys(operations) as OperationName[];
const posted = (Object.keys(routes) as (keyof typeof routes)[]).filter((key) => key.startsWith('POST'));
const asked = (Object.keys(routes) as (keyof typeof routes)[]).filter((key) => key.startsWith('GET'));

let backend: DeployedBackend;
let authorization: string;
let before: string[];
beforeAll(async () => {
  backend = await deployedBackend();
  await backend.auth.createUser({ uid });
  const roles = { staff: true, admin: true, recorder: true };
  authorization = `Bearer ${unsignedToken(claimsOf(backend.project, uid, roles))}`;
  before = await storedWith(backend.firestore, '');
});
afterAll(() => backend.close());

/** Bodies that never become a request: the platform's parser, or the protocol, refuses them. */
const NO_REQUEST: Record<string, Sent> = {
  'not JSON': { body: 'not json' },
  'half of JSON': { body: '{"data":{"limit":' },
  null: { body: 'null' },
  'an array': { body: '[]' },
  'a text': { body: '"data"' },
  'a number': { body: '7' },
  'an infinite number': { body: '1e999' },
  'an empty object in another character set': {
    body: '{}',
    headers: { 'content-type': 'application/json; charset=x' },
  },
  'a form': { body: 'data=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  'plain text': { body: '{}', headers: { 'content-type': 'text/plain' } },
  'what claims to be compressed': { body: '{}', headers: { 'content-encoding': 'gzip' } },
  'an unknown compression': { body: '{}', headers: { 'content-encoding': 'br' } },
};

/** Requests that are JSON and no good, as the text that stands on the wire, and the field that is named. */
const hostileRequests = (good: object): Record<string, { json: string; field: string }> => {
  const more = (name: string, value: string) =>
    `{${JSON.stringify(name)}:${value}${Object.keys(good).length === 0 ? '' : `,${JSON.stringify(good).slice(1, -1)}`}}`;
  return {
    'a key __proto__': { json: more('__proto__', '{"polluted":true}'), field: '__proto__' },
    'a key __proto__ that holds the request': { json: `{"__proto__":${JSON.stringify(good)}}`, field: '__proto__' },
    'a key constructor': { json: more('constructor', '{"prototype":{}}'), field: 'constructor' },
    'an unknown wire type': { json: more('@type', '"type.example.com/Unknown"'), field: '@type' },
    'a wire type without its value': {
      json: '{"@type":"type.googleapis.com/google.protobuf.Int64Value","value":"x"}',
      field: '@type',
    },
    'an infinite number': { json: more('unheardOf', '1e999'), field: 'unheardOf' },
    'a deep nest': { json: more('unheardOf', `${'['.repeat(50_000)}${']'.repeat(50_000)}`), field: 'unheardOf' },
    'a deep nest of objects': {
      json: more('unheardOf', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
      field: 'unheardOf',
    },
    'three megabytes': { json: more('unheardOf', JSON.stringify(TOO_LONG)), field: 'unheardOf' },
    'a name of three megabytes': { json: more(TOO_LONG, '1'), field: `${TOO_LONG.slice(0, 100)}…` },
    'half of a character': { json: more('unheardOf', String.raw`"\ud800"`), field: 'unheardOf' },
    '5,000 keys': {
      json: more('k0', `0,${Array.from({ length: 5000 }, (_, index) => `"k${index}":0`).join(',')}`),
      field: 'k0',
    },
  };
};

const plainRefusal = ({ status, text }: Answer) => ({
  refused: status >= 400 && status < 500,
  internal: internalsIn(text) ?? null,
  short: text.length < 8000,
});
const PLAIN = { refused: true, internal: null, short: true };

describe.each([
  ...names.map((name): [string, object, (sent: Sent) => Promise<Answer>, (json: string) => string] => [
    name,
    validRequests(subject)[name],
    (sent) => backend.post(name, sent),
    (json) => `{"data":${json}}`,
  ]),
  ...posted.map((key): [string, object, (sent: Sent) => Promise<Answer>, (json: string) => string] => [
    key,
    validRouteRequests(subject)[key].body ?? {},
    (sent) => backend.ask(key, sent),
    (json) => json,
  ]),
])('%s', (_name, good, send, enveloped) => {
  test('refuses what is no request', async () => {
    const answers = await Promise.all(
      Object.entries(NO_REQUEST).map(async ([kind, sent]) => {
        const answer = await send({ ...sent, headers: { authorization, ...sent.headers } });
        return { kind, ...plainRefusal(answer) };
      }),
    );
    expect(answers).toEqual(Object.keys(NO_REQUEST).map((kind) => ({ kind, ...PLAIN })));
  });

  test('names the field that is hostile', async () => {
    const hostile = Object.entries(hostileRequests(good));
    const answers = await Promise.all(
      hostile.map(async ([kind, { json }]) => {
        const answer = await send({ authorization, body: enveloped(json) });
        const { status, reason, fields } = refusalIn(answer);
        return { kind, ...plainRefusal(answer), status, reason, fields };
      }),
    );
    const named = { ...PLAIN, status: 400, reason: 'BAD_INPUT' };
    expect(answers).toEqual(
      hostile.map(([kind, { field }]) => ({ kind, ...named, fields: expect.arrayContaining([field]) })),
    );
  });
});

test.each(asked)('%s names the parameter that is hostile', async (key) => {
  const hostile: [string, string][] = [
    ...['0', '201', '1.5', 'abc', '', '1e1', '-1', '+5', '0x10', '%00', '1%00', '١'].map((limit): [string, string] => [
      `limit=${limit}`,
      'limit',
    ]),
    ['limit=1&limit=2', 'limit'],
    ['limit[]=1', 'limit'],
    ['limit[$gt]=1', 'limit'],
    ['limit[__proto__]=1', 'limit'],
    ['constructor=1', 'constructor'],
    ['cursor=x', 'cursor'],
    ['limit=1&actionPrefix[]=a', 'actionPrefix'],
    ['actionPrefix=a&actionPrefix=b', 'actionPrefix'],
    [`actionPrefix=${'a'.repeat(5000)}`, 'actionPrefix'],
    ['actionPrefix=%27%20OR%201', 'actionPrefix'],
    ['actionPrefix=%00', 'actionPrefix'],
    ['actionPrefix=%ED%A0%80', 'actionPrefix'],
  ];
  const answers = await Promise.all(
    hostile.map(async ([query]) => {
      const answer = await backend.ask(`${key}?${query}`, { authorization });
      const { status, reason, fields } = refusalIn(answer);
      return { query, ...plainRefusal(answer), status, reason, fields };
    }),
  );
  const named = { ...PLAIN, status: 400, reason: 'BAD_INPUT' };
  expect(answers).toEqual(
    hostile.map(([query, field]) => ({ query, ...named, fields: expect.arrayContaining([field]) })),
  );
});

// The last of this file: nobody else writes in this project.
test('none of all these requests wrote anything', async () => {
  expect(await storedWith(backend.firestore, '')).toEqual(before);
});
