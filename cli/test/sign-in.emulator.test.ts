import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behind, deskOf, newDesk, newScenario, PASSWORD, type Desk } from './desk/muster';

const suite = behind();
beforeAll(() => newScenario(suite));
afterAll(() => suite.close());

const fileOf = (desk: Desk) => join(desk.config, 'muster', 'credentials.json');

interface Stored {
  logins: Record<string, { idToken: string; idTokenExpiresAt: string }>;
}

test('without a login nothing is sent, and the exit code says so', async () => {
  const { exitCode, stdout, stderr } = await newDesk().run(['policy']);
  expect(exitCode).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toContain('You are not signed in to demo-muster on the emulators');
  expect(stderr).toContain('Next: Sign in with a demo account');
});

test('a login lasts, is readable by its owner alone, and holds no password', async () => {
  const desk = await deskOf(suite, { staff: true });
  expect((await desk.run(['policy'])).exitCode).toBe(0);
  expect(statSync(fileOf(desk)).mode & 0o777).toBe(0o600);
  expect(readFileSync(fileOf(desk), 'utf8')).not.toContain(PASSWORD);
});

test('the last login says where to, when nothing else does', async () => {
  const desk = await deskOf(suite, { staff: true });
  const nowhere = {
    FIREBASE_AUTH_EMULATOR_HOST: '',
    FIRESTORE_EMULATOR_HOST: '',
    GCLOUD_PROJECT: '',
    MUSTER_FUNCTIONS_URL: '',
  };
  expect((await desk.run(['policy'], nowhere)).exitCode).toBe(0);
  expect((await newDesk().run(['policy'], nowhere)).exitCode).toBe(2);
});

test('an ID token that has expired is renewed without a word', async () => {
  const desk = await deskOf(suite, { staff: true });
  const stored = JSON.parse(readFileSync(fileOf(desk), 'utf8')) as Stored;
  for (const login of Object.values(stored.logins)) {
    Object.assign(login, { idToken: 'stale', idTokenExpiresAt: new Date(0).toISOString() });
  }
  writeFileSync(fileOf(desk), JSON.stringify(stored));
  expect(await desk.run(['policy'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readFileSync(fileOf(desk), 'utf8')).not.toContain('stale');
});

test('a role that was granted after the login counts at once', async () => {
  const desk = await deskOf(suite);
  expect((await desk.run(['drill', 'list'])).exitCode).toBe(4);
  await suite.auth.setCustomUserClaims(desk.uid, { auditor: true });
  expect((await desk.run(['drill', 'list'])).exitCode).toBe(0);
});

test('a wrong password is refused, and nothing is kept', async () => {
  const { email } = await suite.newPerson();
  const desk = newDesk();
  const { exitCode, stderr } = await desk.run(['login', '--email', email], { MUSTER_PASSWORD: 'wrong-one' });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('do not belong together');
  expect(() => statSync(fileOf(desk))).toThrow('ENOENT');
});

test('without a terminal and without MUSTER_PASSWORD nobody is asked', async () => {
  const { exitCode, stderr } = await newDesk().run(['login', '--email', 'someone@people.example']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Set MUSTER_PASSWORD');
});

test('after logout nobody is signed in', async () => {
  const desk = await deskOf(suite, { staff: true });
  expect((await desk.run(['logout'])).stdout).toContain('Signed out of demo-muster');
  expect((await desk.run(['policy'])).exitCode).toBe(3);
  expect((await desk.run(['logout'])).stdout).toContain('You were not signed in');
});

test('MUSTER_ID_TOKEN stands in for a login, and a bad one is refused', async () => {
  const signedIn = await deskOf(suite, { staff: true });
  const stored = JSON.parse(readFileSync(fileOf(signedIn), 'utf8')) as Stored;
  const token = Object.values(stored.logins)[0]?.idToken ?? '';
  expect((await newDesk().run(['drill', 'list'], { MUSTER_ID_TOKEN: token })).exitCode).toBe(0);
  expect((await newDesk().run(['drill', 'list'], { MUSTER_ID_TOKEN: 'garbage' })).exitCode).toBe(3);
});

test('an Auth emulator that is down is not a wrong password', async () => {
  const down = { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1', MUSTER_PASSWORD: PASSWORD };
  const { exitCode, stderr } = await newDesk().run(['login', '--email', 'someone@people.example'], down);
  expect(exitCode).toBe(7);
  expect(stderr).toContain('Firebase Auth does not answer');
});
