/**
 * The deployed functions with real signatures, which the emulators do not check: no emulator of Auth or Functions,
 * Google's certificates and Firebase Auth's answers made here, Firestore the emulator.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Firestore } from '@google-cloud/firestore';
import express from 'express';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { NORMAL } from '@muster/guard/policy-document';
import { emulatorHost } from '../harness';
import { KEY_ID, keyPair, standInForGoogle, type Google } from './google';
import { storedWith } from './stored';
import { internalsIn } from './suite-client';
import { claimsOf, macToken, signedToken, unsignedToken, type Claims } from './tokens';

const project = `demo-s${randomBytes(5).toString('hex')}`;
const header = { alg: 'RS256', typ: 'JWT', kid: KEY_ID };

let google: Google;
let app: App;
let firestore: Firestore;
let server: Server;
let origin: string;
/** What firebase-functions logs on its own account. */
const logged = (['debug', 'warn', 'error'] as const).map((level) =>
  jest.spyOn(console, level).mockImplementation(() => undefined),
);

beforeAll(async () => {
  for (const name of Object.keys(process.env)) {
    if (/^FIREBASE_|^FUNCTIONS_EMULATOR|^K_|^GOOGLE_/u.test(name)) delete process.env[name];
  }
  Object.assign(process.env, {
    GCLOUD_PROJECT: project,
    MUSTER_COMMIT_PROTOCOL: 'verify',
    MUSTER_ROLES: 'claims',
    MUSTER_MAX_DRILL_HOURS: '24',
  });
  google = await standInForGoogle(project);
  app = initializeApp({
    projectId: project,
    httpAgent: google.agent,
    credential: { getAccessToken: async () => ({ access_token: 'of-this-test', expires_in: 3600 }) },
  });
  firestore = new Firestore({ projectId: project, host: emulatorHost(), ssl: false });
  await firestore.doc('muster_policy/current').set(NORMAL);

  const deployed = require('../../src') as typeof import('../../src');
  const host = express().use(express.json({ limit: '10mb' }));
  host.post(
    '/policy-enterDegraded',
    (request, response) => void deployed.policy.enterDegraded(request as never, response),
  );
  host.use((request, response) => void deployed.api(request as never, response));
  server = createServer(host);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await firestore.terminate();
  await deleteApp(app);
  await google.close();
});

const claims = (uid: string, over: Claims = {}) => claimsOf(project, uid, { staff: true, ...over });
const signed = (content: Claims, over: Claims = {}) => signedToken(content, google.privateKey, { ...header, ...over });
const now = () => Math.floor(Date.now() / 1000);

const send = async (path: string, token: string, body: unknown) => {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Record<string, unknown> };
};
const entered = { mode: 'degraded', reason: 'a drill of the door' };
const doorway = (token: string) => send('/api/call/policy-enterDegraded', token, { data: entered });
const callable = (token: string) => send('/policy-enterDegraded', token, { data: entered });
const route = (token: string) => send('/api/ops/degraded', token, { ...entered, status: 'entered' });

/** Every kind of bad token, each made from a good one by one change. */
const BAD: Record<string, () => string> = {
  'has expired': () => signed(claims('good', { iat: now() - 7200, exp: now() - 3600 })),
  'begins to count later': () => signed(claims('good', { nbf: now() + 3600 })),
  'says that its user signs in tomorrow': () => signed(claims('good', { auth_time: now() + 86_400 })),
  'says that its user signed in at no time': () => signed(claims('good', { auth_time: undefined })),
  'is for another audience': () => signed(claims('good', { aud: 'demo-other' })),
  'is by another issuer': () => signed(claims('good', { iss: `https://accounts.google.com/${project}` })),
  'is of another project': () => signed({ ...claimsOf('demo-other', 'good'), staff: true }),
  'is signed by a foreign key under the known id': () => signedToken(claims('good'), keyPair().privateKey, header),
  'names a key that nobody has': () => signed(claims('good'), { kid: 'unheard-of' }),
  'names no key': () => signed(claims('good'), { kid: undefined }),
  'has no signature (alg none)': () => unsignedToken(claims('good')),
  'has no signature and a key id': () => unsignedToken(claims('good'), { ...header, alg: 'none' }),
  'has no signature under RS256': () => unsignedToken(claims('good'), header),
  'is signed with the public certificate as a secret': () =>
    macToken(claims('good'), google.certificate, { ...header, alg: 'HS256' }),
  'claims PS256': () => signed(claims('good'), { alg: 'PS256' }),
  'has an empty subject': () => signed(claims('good', { sub: '', user_id: '' })),
  'has a subject that is too long': () => signed(claims('a'.repeat(129))),
  'has a number as subject': () => signed(claims('good', { sub: 7 })),
  'is for blocking functions, which needs no subject': () =>
    signed(claims('good', { sub: undefined, event_type: 'beforeSendSms' })),
  'has a path as subject': () => signed(claims('good/../other')),
  'was given another subject': () => {
    const [head, , signature] = signed(claims('member', { staff: undefined })).split('.');
    const [, body] = signed(claims('good')).split('.');
    return `${head}.${body}.${signature}`;
  },
  'lost its end': () => signed(claims('good')).slice(0, -20),
  'has a fourth part': () => `${signed(claims('good'))}.AAAA`,
  'is a custom token': () =>
    signedToken(
      {
        aud: 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit',
        iss: `sa@${project}.iam.gserviceaccount.com`,
        sub: `sa@${project}.iam.gserviceaccount.com`,
        uid: 'good',
        iat: now(),
        exp: now() + 3600,
        claims: { staff: true },
      },
      google.privateKey,
      { alg: 'RS256', typ: 'JWT' },
    ),
  'is a session cookie': () => signed(claims('good', { iss: `https://session.firebase.google.com/${project}` })),
  'is an App Check token': () =>
    signed({ ...claims('1:1:web:1'), iss: 'https://firebaseappcheck.googleapis.com/1', aud: [`projects/${project}`] }),
};

const lookedUp = () => google.asked.filter((address) => address.endsWith('accounts:lookup')).length;

test('a good token passes, by each way, and its session and user are looked up once each time', async () => {
  google.users.set('good', {});
  google.asked.length = 0;
  expect(await callable(signed(claims('good')))).toMatchObject({ status: 200, json: { result: { changed: true } } });
  expect(lookedUp()).toBe(1);
  expect(await route(signed(claims('good')))).toMatchObject({ status: 200, json: { ok: true, changed: true } });
  expect(lookedUp()).toBe(2);
  expect(await doorway(signed(claims('good')))).toMatchObject({ status: 200, json: { result: { changed: true } } });
  expect(lookedUp()).toBe(3);
  expect(google.asked.filter((address) => address.startsWith('www.googleapis.com/robot/'))).not.toEqual([]);
});

test.each(Object.keys(BAD))('a token that %s is refused, and nothing is written', async (kind) => {
  google.users.set('good', {}).set('member', {}).set('good/../other', {}).set('a'.repeat(129), {}).set('', {});
  const token = BAD[kind]?.() ?? '';
  const before = await storedWith(firestore, '');
  google.asked.length = 0;
  const [called, asked, atDoor] = [await callable(token), await route(token), await doorway(token)];
  expect(called).toMatchObject({ status: 401, json: { error: { status: 'UNAUTHENTICATED' } } });
  // But for the correlation id, each its own.
  expect({ ...atDoor, text: withoutIds(atDoor.text), json: {} }).toEqual({
    ...called,
    text: withoutIds(called.text),
    json: {},
  });
  expect(asked).toMatchObject({
    status: 401,
    json: { ok: false, code: 'UNAUTHENTICATED', details: { reason: 'BAD_TOKEN' } },
  });
  expect([called.text, asked.text].map(internalsIn)).toEqual([undefined, undefined]);
  expect(await storedWith(firestore, '')).toEqual(before);
  // By the token alone: nobody is asked about it, and nothing read.
  expect(lookedUp()).toBe(0);
});
const withoutIds = (text: string): string => text.replaceAll(/req_\w+/gu, 'req');

test.each([
  ['nobody', undefined, 'USER_DELETED'],
  ['disabled', { disabled: true }, 'USER_DISABLED'],
  ['ended', { validSince: Math.floor(Date.now() / 1000) - 10 }, 'SESSION_REVOKED'],
])(
  'a user who is %s is refused by what Firebase Auth answers, though the token is good, and that is counted',
  async (uid, known, reason) => {
    if (known) google.users.set(uid, known);
    const before = await stored();
    const token = signed(claims(uid));
    expect(await callable(token)).toMatchObject({ status: 401, json: { error: { details: { reason } } } });
    expect(await doorway(token)).toMatchObject({ status: 401, json: { error: { details: { reason } } } });
    expect(await route(token)).toMatchObject({ status: 401, json: { ok: false, details: { reason } } });
    // What was asked is refused by Firebase Auth before it is found to be wrong, or not for this caller.
    const member = signed(claims(uid, { staff: undefined }));
    expect(await route(member)).toMatchObject({ status: 401, json: { details: { reason } } });
    expect(await stored()).toEqual(before);
    expect(await timesCounted(uid, reason)).toBe(4);
  },
);

/** All but what was refused and counted, and that an account is gone. */
const stored = async () =>
  (await storedWith(firestore, '')).filter(
    (line) =>
      !/^muster_refusals\/|^muster_revocations\/(?:nobody|disabled)@|"action":"(?:capability\.refused|accounts\.gone)"/u.test(
        line,
      ),
  );

const timesCounted = async (caller: string, reason: string): Promise<number> => {
  const { docs } = await firestore.collection('muster_refusals').where('caller', '==', caller).get();
  const counts = docs.filter((doc) => doc.get('reason') === reason).map((doc) => Number(doc.get('count')));
  return counts.reduce((sum, count) => sum + count, 0);
};

test('a member and a revocation record are refused with real signatures too', async () => {
  google.users.set('member', {}).set('left', {});
  await firestore.doc('muster_revocations/left').set({ validAfter: new Date(), withdrawn: [] });
  const member = signed(claims('member', { staff: undefined }));
  expect(await callable(member)).toMatchObject({
    status: 403,
    json: { error: { details: { reason: 'ROLE_MISSING' } } },
  });
  expect(await route(member)).toMatchObject({ status: 401, json: { details: { reason: 'ROLE_MISSING' } } });
  const ended = signed(claims('left'));
  expect(await callable(ended)).toMatchObject({
    status: 401,
    json: { error: { details: { reason: 'SESSION_REVOKED' } } },
  });
  expect(await route(ended)).toMatchObject({ status: 401, json: { details: { reason: 'SESSION_REVOKED' } } });
});

test('when Firebase Auth fails, nobody gets in', async () => {
  google.users.set('good', {});
  google.fail();
  const before = await storedWith(firestore, '');
  expect(await route(signed(claims('good')))).toMatchObject({ status: 503, json: { ok: false, code: 'UNAVAILABLE' } });
  expect(await callable(signed(claims('good')))).toMatchObject({ status: 503 });
  expect(await storedWith(firestore, '')).toEqual(before);
});

test('no line that the platform logged on the way has a token in it', () => {
  const lines = logged.flatMap(({ mock }) => mock.calls.flat().map(String));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => /eyJ[\w-]+\.eyJ/u.test(line))).toEqual([]);
});
