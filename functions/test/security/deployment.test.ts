import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEVELOPMENT_DELIVERY_SECRET,
  DEVELOPMENT_LOG_KEY,
  refuseUnsafeDeployment,
} from '../../src/platform/deployment';

/** As Cloud Run starts a function. */
const DEPLOYED = { K_CONFIGURATION: 'drills-start', K_SERVICE: 'drills-start', FUNCTION_TARGET: 'drills.start' };

test.each([
  ['FIREBASE_DEBUG_MODE', 'true'],
  ['FIREBASE_DEBUG_FEATURES', '{"skipTokenVerification":true}'],
  ['FIREBASE_AUTH_EMULATOR_HOST', '127.0.0.1:9099'],
  ['FIRESTORE_EMULATOR_HOST', '127.0.0.1:8080'],
  ['FIREBASE_EMULATOR_HUB', '127.0.0.1:4400'],
  ['FUNCTIONS_EMULATOR', 'true'],
  // Set to nothing is set: Firebase's libraries differ in whether that counts.
  ['FIREBASE_DEBUG_FEATURES', ''],
])('a deployment in which %s=%j is set does not start, and says which', (name, value) => {
  expect(() => refuseUnsafeDeployment({ ...DEPLOYED, [name]: value })).toThrow(name);
});

test('all that is wrong is said at once', () => {
  const unsafe = { ...DEPLOYED, FIREBASE_DEBUG_MODE: 'true', FIRESTORE_EMULATOR_HOST: 'x' };
  expect(() => refuseUnsafeDeployment(unsafe)).toThrow('FIREBASE_DEBUG_MODE, FIRESTORE_EMULATOR_HOST');
});

test('a deployment without them starts, and the suite starts with them', () => {
  expect(() => refuseUnsafeDeployment(DEPLOYED)).not.toThrow();
  expect(() => refuseUnsafeDeployment({ FUNCTIONS_EMULATOR: 'true', FIREBASE_DEBUG_MODE: 'true' })).not.toThrow();
});

test('a deployment does not pass for the suite by saying that it is one', () => {
  expect(() => refuseUnsafeDeployment({ ...DEPLOYED, FUNCTIONS_EMULATOR: 'true' })).toThrow('FUNCTIONS_EMULATOR');
});

test('a deployment does not sign with the key that everyone can read, alone or beside another', () => {
  const signing = (key: string) => () => refuseUnsafeDeployment({ ...DEPLOYED, MUSTER_DELIVERY_SECRET: key });
  expect(signing(DEVELOPMENT_DELIVERY_SECRET)).toThrow('MUSTER_DELIVERY_SECRET');
  expect(signing(`whsec_own ${DEVELOPMENT_DELIVERY_SECRET}`)).toThrow('MUSTER_DELIVERY_SECRET');
  expect(signing('whsec_own')).not.toThrow();
  const local = readFileSync(join(__dirname, '../../deploy/.secret.local'), 'utf8');
  expect(local.split('\n')).toContain(`MUSTER_DELIVERY_SECRET=${DEVELOPMENT_DELIVERY_SECRET}`);
});

test('nor is its audit log signed with that of the emulator suite', () => {
  const signing = (key: string) => () => refuseUnsafeDeployment({ ...DEPLOYED, MUSTER_LOG_KEY: key });
  expect(signing(DEVELOPMENT_LOG_KEY)).toThrow('MUSTER_LOG_KEY');
  expect(signing(`PRIVATE+KEY+own ${DEVELOPMENT_LOG_KEY}`)).toThrow('muster audit keygen');
  expect(signing('PRIVATE+KEY+own')).not.toThrow();
  const local = readFileSync(join(__dirname, '../../deploy/.secret.local'), 'utf8');
  expect(local.split('\n')).toContain(`MUSTER_LOG_KEY=${DEVELOPMENT_LOG_KEY}`);
});

test('the entry file asks before it deploys anything', () => {
  const before = { ...process.env };
  Object.assign(process.env, DEPLOYED, { FIREBASE_DEBUG_MODE: 'true' });
  try {
    jest.isolateModules(() => {
      expect(() => require('../../src') as unknown).toThrow('FIREBASE_DEBUG_MODE');
    });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
});
