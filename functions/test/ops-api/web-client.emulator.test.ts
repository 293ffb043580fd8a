/** The callables as a page calls them: with the web SDK, signed in by e-mail and password. */
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithEmailAndPassword } from 'firebase/auth';
import { connectFunctionsEmulator, getFunctions, httpsCallable, type Functions } from 'firebase/functions';
import type { RequestOf, ResponseOf } from '@muster/contract/operations';
import { runningSuite, type RunningSuite } from '../running-suite';

let suite: RunningSuite;
let app: FirebaseApp;
let functions: Functions;
beforeAll(async () => {
  suite = await runningSuite();
  const { email, password } = await suite.person('staff');
  app = initializeApp({ projectId: 'demo-muster', apiKey: 'any' });
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${process.env['FIREBASE_AUTH_EMULATOR_HOST']}`, { disableWarnings: true });
  functions = getFunctions(app, 'us-central1');
  const { hostname, port } = new URL(process.env['MUSTER_FUNCTIONS_ORIGIN'] ?? '');
  connectFunctionsEmulator(functions, hostname, Number(port));
  await signInWithEmailAndPassword(auth, email, password);
});
afterAll(async () => {
  await deleteApp(app);
  await suite.close();
});

test('a page starts a drill and reads it back', async () => {
  const start = httpsCallable<RequestOf<'drills-start'>, ResponseOf<'drills-start'>>(functions, 'drills-start');
  const get = httpsCallable<RequestOf<'drills-get'>, ResponseOf<'drills-get'>>(functions, 'drills-get');
  const { drill } = (await start({ scenarioId: suite.scenarioId })).data;
  expect(drill).toMatchObject({ status: 'in_progress', exercise: true });
  const read = (await get({ drillId: drill.id })).data;
  expect(read.drill).toEqual(drill);
  expect(read.events).toHaveLength(1);
});

test('a page is told what is wrong: code, sentence, reason, state and what to do next', async () => {
  const call = (name: string, data: object) => httpsCallable(functions, name)(data);
  await expect(call('drills-start', { scenarioId: 'a/b' })).rejects.toMatchObject({
    code: 'functions/invalid-argument',
    details: { code: 'INVALID_ARGUMENT', reason: 'BAD_INPUT', fields: [{ field: 'scenarioId' }] },
  });
  const { drill } = (await call('drills-start', { scenarioId: suite.scenarioId })).data as ResponseOf<'drills-start'>;
  const again = call('drills-start', { drillId: drill.id });
  await expect(again).rejects.toThrow('This drill is in_progress, so it cannot be started. Nothing was changed.');
  await expect(again).rejects.toMatchObject({
    code: 'functions/failed-precondition',
    details: { code: 'CONFLICT', reason: 'WRONG_STATE', state: 'in_progress', next: expect.any(String) },
  });
});
