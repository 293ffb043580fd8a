/** Every operation and every route refuses every caller of the table, over HTTP, and writes nothing for any of them. */
import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { deleteApp, initializeApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { operations, type Caller, type OperationName } from '@muster/contract/operations';
import { routes } from '@muster/contract/ops-api';
import { planDrill, startDrill } from '../../src/features/drills/drill';
import { httpRoutes } from '../../src/http-routes';
import { HOUR, emulatorHost, SCENARIO } from '../harness';
import { makePeople, type People } from './refused-callers';
import { storedWith } from './stored';
import { ask, atDoor, internalsIn, post, refusalIn, type Answer } from './suite-client';
import { NONE, validRequests, validRouteRequests } from './valid-requests';

const PROJECT = 'demo-muster';
const mark = `sec${randomBytes(5).toString('hex')}`;
const subject = { scenarioId: mark, drillId: `drl_${mark}`, uid: `${mark}-staff` };
const names = Object.keys(operations) as OperationName[];
const keys = Object.keys(routes) as (keyof typeof routes)[];

let app: App;
let firestore: Firestore;
let people: People;

beforeAll(async () => {
  app = initializeApp({ projectId: PROJECT }, mark);
  firestore = new Firestore({ projectId: PROJECT, host: emulatorHost(), ssl: false });
  const now = new Date();
  const plan = {
    ...subject,
    scenario: SCENARIO,
    severity: undefined,
    environment: undefined,
    participants: [],
    roles: {},
  };
  const planned = planDrill({ ...plan, dueAt: null }, subject.uid, now);
  const running = startDrill(planned, { startedAt: now, eventId: `evt_${mark}`, maxDrillMs: HOUR, now });
  await firestore.doc(`muster_scenarios/${mark}`).set(SCENARIO);
  // Never overdue, so that a schedule that another test fires leaves it alone.
  await firestore.doc(`muster_drills/${subject.drillId}`).set({ ...running, overdueAt: null });
  people = await makePeople(getAuth(app), firestore, PROJECT, mark);
});

afterAll(async () => {
  // Other tests export this log and verify it, so what this one added to it stays: a removed entry is found.
  const left = (await storedWith(firestore, mark)).filter((line) => !line.startsWith('muster_audit/'));
  await Promise.all(left.map((line) => firestore.doc(line.slice(0, line.indexOf('@'))).delete()));
  const { users } = await getAuth(app).listUsers();
  await getAuth(app).deleteUsers(users.map(({ uid }) => uid).filter((uid) => uid.startsWith(mark)));
  await firestore.terminate();
  await deleteApp(app);
});

const refusedFor = (who: Caller) => people.refused.filter(({ when }) => when === undefined || when.includes(who));

/** What each caller of the table was answered, by name: one comparison shows every wrong row. */
const answersFor = async (who: Caller, send: (authorization: string | undefined) => Promise<Answer>) => {
  const answers: Record<string, unknown> = {};
  for (const { caller, authorization, message } of refusedFor(who)) {
    const answer = await send(authorization);
    const { status, ok, code, reason, message: sentence } = refusalIn(answer);
    answers[caller] = {
      status,
      ok,
      code,
      reason,
      tells: message.test(sentence),
      internal: internalsIn(answer.text) ?? null,
    };
  }
  return answers;
};

const wrote = async (during: () => Promise<unknown>) => {
  const before = await storedWith(firestore, mark);
  await during();
  const after = await storedWith(firestore, mark);
  return after.filter((line) => !before.includes(line) && !countsARefusal(line));
};

/**
 * Of the callers of the table these are refused when their reads have begun: that is counted. So is who tries chaos without
 * the role.
 */
const COUNTED = {
  ended: 'SESSION_REVOKED',
  revoked: 'SESSION_REVOKED',
  disabled: 'USER_DISABLED',
  deleted: 'BAD_TOKEN',
};
const countsARefusal = (line: string): boolean =>
  /^muster_(?:refusals|audit)\//u.test(line) &&
  (Object.entries(COUNTED).some(
    ([name, reason]) => line.includes(`${mark}-${name}`) && isCount(line, 'capability', reason),
  ) ||
    (line.includes('"chaos-') && isCount(line, 'chaos', 'ROLE_MISSING')));

const isCount = (line: string, what: string, reason: string): boolean =>
  line.includes(`"reason":"${reason}"`) &&
  (line.startsWith('muster_refusals/') ||
    new RegExp(`"action":"${what}\\.(?:refused|refusals_counted)"`, 'u').test(line));

describe.each(names)('%s', (name) => {
  const { who, request } = operations[name];
  const data = validRequests(subject)[name];
  const sent = JSON.stringify({ data });
  /** By its name and at the door, which is one process for all operations: the answers are the same. */
  const send = async (authorization: string | undefined) => {
    const [named, door] = await Promise.all([
      post(name, { authorization, body: sent }),
      atDoor(name, { authorization, body: sent }),
    ]);
    expect(refusalIn(door)).toEqual(refusalIn(named));
    return named;
  };

  test('refuses every caller of the table and writes nothing', async () => {
    expect(request.safeParse(data).error).toBeUndefined();
    let answers = {};
    expect(await wrote(async () => (answers = await answersFor(who, send)))).toEqual([]);
    expect(answers).toEqual(
      Object.fromEntries(
        refusedFor(who).map(({ caller, code, reason, protocolRefuses }) => [
          caller,
          protocolRefuses
            ? { status: 401, tells: false, internal: null }
            : { status: code === 'UNAUTHENTICATED' ? 401 : 403, code, reason, tells: true, internal: null },
        ]),
      ),
    );
  });

  test('lets in who is entitled: it is the caller that was refused, not the request', async () => {
    const answer = await post(name, {
      authorization: people.entitled(who),
      body: JSON.stringify({ data: { ...data, unheardOf: 1 } }),
    });
    expect(refusalIn(answer)).toMatchObject({ status: 400, reason: 'BAD_INPUT', fields: ['unheardOf'] });
  });
});

describe.each(keys)('%s', (key) => {
  const { query = '', body } = validRouteRequests(subject)[key];
  const address = key.replace('{id}', `prp_${NONE}`).replace('{+tile}', '0/000');
  const who = (): Caller => {
    const [method, path] = key.split(' ');
    const route = httpRoutes.find((one) => one.method === method?.toLowerCase() && one.path === path);
    if (!route) throw new Error(`${key} is in the contract and not in http-routes`);
    return route.operation.contract.who;
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };

  test('refuses every caller of the table with 401, tells which, and writes nothing', async () => {
    let answers = {};
    const send = (authorization: string | undefined) => ask(`${address}${query}`, { authorization, ...sent });
    expect(await wrote(async () => (answers = await answersFor(who(), send)))).toEqual([]);
    expect(answers).toEqual(
      Object.fromEntries(
        refusedFor(who()).map(({ caller, code, reason }) => [
          caller,
          { status: 401, ok: false, code, reason, tells: true, internal: null },
        ]),
      ),
    );
  });

  test('lets in who is entitled: it is the caller that was refused, not the request', async () => {
    const answer = body
      ? await ask(address, { authorization: people.entitled(who()), body: JSON.stringify({ ...body, unheardOf: 1 }) })
      : await ask(`${address}?unheardOf=1`, { authorization: people.entitled(who()) });
    expect(refusalIn(answer)).toMatchObject({ status: 400, reason: 'BAD_INPUT', fields: ['unheardOf'] });
  });
});

test('the table covers every kind of caller', () => {
  const everyKind: Caller[] = ['signed-in', 'staff', 'staff-or-auditor', 'admin', 'recorder'];
  expect(everyKind.map((who) => refusedFor(who).length)).toEqual([21, 26, 25, 27, 27]);
});

test('the routes that are served are the routes of the contract', () => {
  const served = httpRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(served.toSorted()).toEqual(keys.toSorted());
});
