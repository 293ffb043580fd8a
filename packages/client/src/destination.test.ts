import type { Login } from './login';
import { operationUrl } from './callable-protocol';
import { destinationFrom } from './destination';

const login = (over: Partial<Login> = {}): Login => ({
  ...{ project: 'prod', region: 'us-central1', functionsUrl: 'https://us-central1-prod.cloudfunctions.net' },
  ...{ apiKey: 'key', email: 'a@b.example', uid: 'u', refreshToken: 'r', idToken: 'i', idTokenExpiresAt: '' },
  ...over,
});
const DEMO = login({
  project: 'demo-muster',
  functionsUrl: 'http://127.0.0.1:31001/demo-muster/us-central1',
  emulators: { auth: '127.0.0.1:31000', firestore: '127.0.0.1:31002' },
});
const DEFAULTS = { auth: '127.0.0.1:9099', firestore: '127.0.0.1:8080' };

test('nothing said is a question, not a guess', () => {
  expect(() => destinationFrom({}, {}, undefined)).toThrow('It is not clear which project is meant.');
});

test('the emulators have defaults, and move with their ports', () => {
  const byDefault = 'http://127.0.0.1:5001/demo-muster/us-central1';
  expect(destinationFrom({ emulator: true }, {}, undefined)).toEqual({
    ...{ project: 'demo-muster', region: 'us-central1', emulators: DEFAULTS, functionsUrl: byDefault },
  });
  expect(destinationFrom({}, { MUSTER_PORT_BASE: '31000' }, undefined)).toMatchObject({
    functionsUrl: 'http://127.0.0.1:31001/demo-muster/us-central1',
    emulators: DEMO.emulators,
  });
  expect(() => destinationFrom({}, { MUSTER_PORT_BASE: 'x' }, undefined)).toThrow('MUSTER_PORT_BASE is "x"');
});

test('an option comes before the environment, the environment before the last login', () => {
  const env = { MUSTER_PROJECT: 'from-env', GCLOUD_PROJECT: 'other' };
  expect(destinationFrom({ project: 'given' }, env, login()).project).toBe('given');
  expect(destinationFrom({}, env, login()).project).toBe('from-env');
  expect(destinationFrom({}, { GCLOUD_PROJECT: 'other' }, login()).project).toBe('other');
  expect(destinationFrom({}, {}, login()).project).toBe('prod');
});

test('a login on emulators says where to, but never where another project is', () => {
  expect(destinationFrom({}, {}, DEMO)).toMatchObject({
    functionsUrl: DEMO.functionsUrl,
    emulators: DEMO.emulators,
  });
  expect(destinationFrom({ project: 'prod' }, {}, DEMO)).toEqual({
    project: 'prod',
    region: 'us-central1',
    emulators: undefined,
    functionsUrl: 'https://us-central1-prod.cloudfunctions.net',
  });
  expect(destinationFrom({ emulator: true }, {}, login()).project).toBe('demo-muster');
});

test('a demo project is never looked for in the cloud', () => {
  expect(destinationFrom({ project: 'demo-other' }, {}, login()).functionsUrl).toMatch(/^http:\/\/127\.0\.0\.1:5001/u);
});

test('operations are called at the door, unless the environment says by their names', () => {
  const to = (env: Record<string, string>) => destinationFrom({ project: 'prod' }, env, undefined);
  const urlOf = (env: Record<string, string>) => operationUrl(to(env), 'policy-kill');
  expect(urlOf({})).toBe('https://us-central1-prod.cloudfunctions.net/api/call/policy-kill');
  expect(urlOf({ MUSTER_DOOR: 'api' })).toBe(urlOf({}));
  expect(urlOf({ MUSTER_DOOR: 'named' })).toBe('https://us-central1-prod.cloudfunctions.net/policy-kill');
  expect(() => urlOf({ MUSTER_DOOR: 'names' })).toThrow('MUSTER_DOOR is "names".');
  expect(to({ MUSTER_APP_CHECK_TOKEN: ' t ' })).toMatchObject({ appCheckToken: 't' });
});

test('another region is another address', () => {
  const there = destinationFrom({ region: 'europe-west1' }, {}, login());
  expect(there.functionsUrl).toBe('https://europe-west1-prod.cloudfunctions.net');
});

test('a token does not travel in the clear to another machine', () => {
  const to = (url: string) =>
    destinationFrom({ project: 'prod' }, { MUSTER_FUNCTIONS_URL: url }, undefined).functionsUrl;
  expect(to('https://functions.example/')).toBe('https://functions.example');
  expect(to('http://localhost:5001/x')).toBe('http://localhost:5001/x');
  expect(() => to('http://functions.example')).toThrow('MUSTER_FUNCTIONS_URL');
  expect(() => to('functions.example')).toThrow('MUSTER_FUNCTIONS_URL');
});
