/** Every operation and every route refuses every caller of the table, over HTTP, and writes nothing for any of them. */
import { operations, type Caller, type OperationName } from '@muster/contract/operations';
import { routes } from '@muster/contract/ops-api';
import { planDrill, startDrill } from '../../src/features/drills/drill';
import { httpRoutes } from '../../src/http-routes';
import { deployedBackend, type DeployedBackend } from '../deployed/backend';
import { HOUR, SCENARIO } from '../harness';
import { makePeople, type People } from './refused-callers';
import { storedWith } from './stored';
import { internalsIn, refusalIn, type Answer } from './suite-client';
import { NONE, validRequests, validRouteRequests } from './valid-requests';

const mark = 'sec0123456789';
const subject = { scenarioId: mark, drillId: `drl_${mark}`, uid: `${mark}-staff` };
const names = Object.keys(operations) as OperationName[];
const keys = Object.keys(routes) as (keyof typeof routes)[];

let backend: DeployedBackend;
let people: People;

beforeAll(async () => {
  backend = await deployedBackend();
  const { firestore, auth, project } = backend;
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
  await firestore.doc(`muster_drills/${subject.drillId}`).set(running);
  people = await makePeople(auth, firestore, project, mark);
});

afterAll(() => backend.close());

const refusedFor = (who: Caller) => people.refused.filter(({ when }) => when === undefined || when.includes(who));

/**
 * What each caller of the table was answered, by name: one comparison shows every wrong row. All of them ask at once, as callers
 * of a server do.
 */
const answersFor = async (who: Caller, send: (authorization: string | undefined) => Promise<Answer>) => {
  const answers = await Promise.all(
    refusedFor(who).map(async ({ caller, authorization, message }) => {
      const answer = await send(authorization);
      const { status, ok, code, reason, message: sentence } = refusalIn(answer);
      const told = { tells: message.test(sentence), internal: internalsIn(answer.text) ?? null };
      return [caller, { status, ok, code, reason, ...told }] as const;
    }),
  );
  return Object.fromEntries(answers);
};

const wrote = async (during: () => Promise<unknown>) => {
  const before = await storedWith(backend.firestore, '');
  await during();
  const after = await storedWith(backend.firestore, '');
  return after.filter((line) => !before.includes(line) && !countsARefusal(line) && !notesThatOneIsGone(line));
};

/** Of the callers of the table these are refused when their reads have begun: that is counted. So is who lacks the role. */
const COUNTED = {
  ended: 'SESSION_REVOKED',
  revoked: 'SESSION_REVOKED',
  disabled: 'USER_DISABLED',
  deleted: 'USER_DELETED',
};
/** That an account is gone is noted once, where the guard looks. */
const notesThatOneIsGone = (line: string): boolean =>
  ['disabled', 'deleted'].some((name) => line.includes(`${mark}-${name}`)) &&
  (line.startsWith('muster_revocations/') || line.includes('"action":"accounts.gone"'));
const countsARefusal = (line: string): boolean =>
  /^muster_(?:refusals|audit)\//u.test(line) &&
  (Object.entries(COUNTED).some(
    ([name, reason]) => line.includes(`${mark}-${name}`) && isCount(line, 'capability', reason),
  ) ||
    ['capability', 'chaos'].some((what) => line.includes(mark) && isCount(line, what, 'ROLE_MISSING')));

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
      backend.post(name, { authorization, body: sent }),
      backend.ask(`POST /api/call/${name}`, { authorization, body: sent }),
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
    const answer = await backend.post(name, {
      authorization: people.entitled(who),
      body: JSON.stringify({ data: { ...data, unheardOf: 1 } }),
    });
    expect(refusalIn(answer)).toMatchObject({ status: 400, reason: 'BAD_INPUT', fields: ['unheardOf'] });
  });
});

describe.each(keys)('%s', (key) => {
  const { query = '', body } = validRouteRequests(subject)[key];
  const address = key.replace('{id}', `prp_${NONE}`).replace('{+tile}', '0/000');
  const route = () => {
    const [method, path] = key.split(' ');
    const found = httpRoutes.find((one) => one.method === method?.toLowerCase() && one.path === path);
    if (!found) throw new Error(`${key} is in the contract and not in http-routes`);
    return found;
  };
  const who = (): Caller => route().operation.contract.who;
  const refusedAs = () => route().refusedAs;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };

  test('refuses every caller of the table with 401, tells which, and writes nothing', async () => {
    let answers = {};
    const send = (authorization: string | undefined) => backend.ask(`${address}${query}`, { authorization, ...sent });
    expect(await wrote(async () => (answers = await answersFor(who(), send)))).toEqual([]);
    expect(answers).toEqual(
      Object.fromEntries(
        refusedFor(who()).map(({ caller, code, reason }) => [
          caller,
          {
            ...{ status: refusedAs()?.[code] ?? 401, ok: false, code, reason },
            ...{ tells: true, internal: null },
          },
        ]),
      ),
    );
  });

  test('lets in who is entitled: it is the caller that was refused, not the request', async () => {
    const answer = body
      ? await backend.ask(address, {
          authorization: people.entitled(who()),
          body: JSON.stringify({ ...body, unheardOf: 1 }),
        })
      : await backend.ask(`${address}?unheardOf=1`, { authorization: people.entitled(who()) });
    expect(refusalIn(answer)).toMatchObject({ status: 400, reason: 'BAD_INPUT', fields: ['unheardOf'] });
  });
});

test('the table covers every kind of caller', () => {
  const everyKind: Caller[] = ['signed-in', 'staff', 'staff-or-auditor', 'admin', 'recorder'];
  expect(everyKind.map((who) => refusedFor(who).length)).toEqual([22, 28, 27, 29, 29]);
});

test('the routes that are served are the routes of the contract', () => {
  const served = httpRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(served.toSorted()).toEqual(keys.toSorted());
});

test('the functions that the emulator serves are the operations of the contract', async () => {
  const response = await fetch(`${process.env['MUSTER_FUNCTIONS_ORIGIN']}/backends`);
  const { backends } = (await response.json()) as { backends: { functionTriggers: { name: string }[] }[] };
  const served = backends.flatMap(({ functionTriggers }) => functionTriggers.map(({ name }) => name));
  expect(served).toEqual(expect.arrayContaining(names));
});
