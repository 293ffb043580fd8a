/** The operations as a page calls them, by their names and at the door: with the web SDK, signed in by e-mail and password. */
import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectAuthEmulator, getAuth, signInWithEmailAndPassword } from 'firebase/auth';
import {
  connectFunctionsEmulator,
  getFunctions,
  httpsCallable,
  httpsCallableFromURL,
  type Functions,
  type HttpsCallable,
} from 'firebase/functions';
import type { OperationName, RequestOf, ResponseOf } from '@muster/contract/operations';
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

type Called = <Name extends OperationName>(name: Name) => HttpsCallable<RequestOf<Name>, ResponseOf<Name>>;

/** A page of the Hosting site has the door at its own origin. */
const WAYS: Record<string, Called> = {
  'by its name': (name) => httpsCallable(functions, name),
  'at the door of Hosting': (name) =>
    httpsCallableFromURL(functions, `${process.env['MUSTER_API_URL']}/api/call/${name}`),
  'at the door of the function': (name) =>
    httpsCallableFromURL(functions, `${process.env['MUSTER_FUNCTIONS_URL']}/api/call/${name}`),
};

test.each(Object.entries(WAYS))('a page starts a drill and reads it back, %s', async (_way, called) => {
  const [start, get] = [called('drills-start'), called('drills-get')];
  const { drill } = (await start({ scenarioId: suite.scenarioId })).data;
  expect(drill).toMatchObject({ status: 'in_progress', exercise: true });
  const read = (await get({ drillId: drill.id })).data;
  expect(read.drill).toEqual(drill);
  expect(read.events).toHaveLength(1);
});

test.each(Object.entries(WAYS))('a page is told what is wrong, and what to do next, %s', async (_way, called) => {
  const call = (name: OperationName, data: object) => called(name)(data);
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
