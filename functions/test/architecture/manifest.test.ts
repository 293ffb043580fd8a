/** What a deploy would read from the bundle: names, places, triggers, schedules, parameters, and who is given which secret. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@muster/contract/operations';
import { ROOT } from './deploy-folder';
import { discovered, type Manifest } from './discovered-manifest';

let manifest: Manifest;
/** The same without the named callables. */
let doorAlone: Manifest;

beforeAll(async () => {
  [manifest, doorAlone] = await Promise.all([discovered(''), discovered('false')]);
});

const withTrigger = (trigger: 'callableTrigger' | 'httpsTrigger' | 'scheduleTrigger') =>
  Object.entries(manifest.endpoints)
    .filter(([, endpoint]) => endpoint[trigger] !== undefined)
    .map(([name]) => name)
    .toSorted();

test('the callables are the operations of the contract, no more and no fewer', () => {
  expect(withTrigger('callableTrigger')).toEqual(Object.keys(operations).toSorted());
});

test('there is one HTTP function, and there are nine schedules, and nothing else', () => {
  expect(withTrigger('httpsTrigger')).toEqual(['api']);
  expect(withTrigger('scheduleTrigger')).toEqual([
    'audit-retention',
    'audit-sealing',
    'chaos-rollback',
    'connectors-tend',
    'delegations-owners',
    'drills-flagOverdue',
    'policy-expire',
    'posture-canary',
    'staff-survey',
  ]);
  expect(Object.keys(manifest.endpoints)).toHaveLength(Object.keys(operations).length + 10);
});

test('without the named callables there is what is bound to a secret, the HTTP function, and the schedules', () => {
  const bound = Object.keys(operations).filter(
    (name) => (manifest.endpoints[name]?.secretEnvironmentVariables ?? []).length > 0,
  );
  const left = Object.entries(manifest.endpoints).filter(
    ([name, { callableTrigger }]) => callableTrigger === undefined || bound.includes(name),
  );
  expect(bound.toSorted()).toEqual(['audit-seal', 'connectors-deliver']);
  expect(doorAlone.endpoints).toEqual(Object.fromEntries(left));
  expect(Object.keys(doorAlone.endpoints)).toHaveLength(12);
});

test('each is exported under the name that it is deployed under', () => {
  for (const [name, { entryPoint }] of Object.entries(manifest.endpoints)) {
    expect(entryPoint).toBe(name.replaceAll('-', '.'));
  }
});

test('each runs where Hosting looks for it, in the second generation, within bounds', () => {
  const { hosting } = JSON.parse(readFileSync(join(ROOT, 'firebase.json'), 'utf8')) as {
    hosting: { rewrites: { function: { functionId: string; region: string } }[] };
  };
  const { functionId, region } = hosting.rewrites[0]?.function ?? { functionId: '', region: '' };
  expect(Object.keys(manifest.endpoints)).toContain(functionId);
  for (const endpoint of Object.values(manifest.endpoints)) {
    expect(endpoint).toMatchObject({
      platform: 'gcfv2',
      region: [region],
      maxInstances: 10,
      availableMemoryMb: 256,
      timeoutSeconds: 60,
    });
  }
});

test('the schedules run as often as they are meant to, in UTC, and are tried again', () => {
  const schedules = Object.entries(manifest.endpoints).filter(([, { scheduleTrigger }]) => scheduleTrigger);
  expect(Object.fromEntries(schedules.map(([name, { scheduleTrigger }]) => [name, scheduleTrigger]))).toMatchObject({
    'drills-flagOverdue': { schedule: '*/15 * * * *', ...AGAIN },
    'policy-expire': { schedule: '*/5 * * * *', ...AGAIN },
    'connectors-tend': { schedule: '* * * * *', ...AGAIN },
    'chaos-rollback': { schedule: '* * * * *', ...AGAIN },
    'posture-canary': { schedule: '0 * * * *', ...AGAIN },
    'audit-sealing': { schedule: '* * * * *', ...AGAIN },
    'audit-retention': { schedule: '17 3 * * *', ...AGAIN },
    'delegations-owners': { schedule: '*/15 * * * *', ...AGAIN },
    'staff-survey': { schedule: '20 * * * *', ...AGAIN },
  });
  expect(schedules).toHaveLength(9);
});
const AGAIN = { timeZone: 'Etc/UTC', retryConfig: { retryCount: 3 } };

test('every parameter has its default in functions/.env, because a deploy without a terminal would hang on asking', () => {
  const defaults = readFileSync(join(ROOT, 'functions/.env'), 'utf8')
    .split('\n')
    .flatMap((line) => /^([A-Z_]+)=/u.exec(line)?.[1] ?? []);
  // A secret has no default: a deploy asks for it, or takes what `firebase functions:secrets:set` stored.
  const plain = manifest.params.filter(({ type }) => type !== 'secret');
  expect(plain.map(({ name }) => name).toSorted()).toEqual(defaults.toSorted());
  expect(manifest.params.map(({ name, type }) => `${name}: ${type}`).toSorted()).toEqual([
    'MUSTER_ALLOWED_ORIGINS: string',
    'MUSTER_ANONYMOUS: boolean',
    'MUSTER_APP_CHECK: boolean',
    'MUSTER_AUDIT_NAMESPACES: string',
    'MUSTER_AUDIT_RETENTION_DAYS: int',
    'MUSTER_COMMIT_PROTOCOL: string',
    'MUSTER_DELIVERY_SECRET: secret',
    'MUSTER_ENVIRONMENT: string',
    'MUSTER_IDENTITY_DOMAINS: string',
    'MUSTER_LOG_KEY: secret',
    'MUSTER_MAX_DRILL_HOURS: int',
    'MUSTER_ROLES: string',
    'MUSTER_TWO_PERSON: boolean',
    'MUSTER_WITNESS_KEYS: string',
  ]);
});

test('there is no value of a secret, no open invoker and no service account of its own', () => {
  const text = JSON.stringify(manifest);
  for (const word of ['invoker', 'serviceAccount', 'vpc', 'environmentVariables']) {
    expect(text.replaceAll(/"\w+":null,?/gu, '')).not.toContain(word);
  }
});

test('the schedules need Cloud Scheduler, and nothing needs any other API', () => {
  expect(manifest.requiredAPIs.map(({ api }) => api)).toEqual(['cloudscheduler.googleapis.com']);
});

test.each([
  ['MUSTER_DELIVERY_SECRET', 'what delivers', ['connectors-deliver', 'connectors-tend']],
  ['MUSTER_LOG_KEY', 'what seals the audit log', ['audit-seal', 'audit-sealing']],
])('%s is given to %s alone', (secret, _, expected) => {
  const keyed = Object.entries(manifest.endpoints).filter(([, { secretEnvironmentVariables = [] }]) =>
    secretEnvironmentVariables.some(({ key }) => key === secret),
  );
  expect(keyed.map(([name]) => name).toSorted()).toEqual(expected);
});
