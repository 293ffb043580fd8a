/** What no request may contain, for every field of every operation, in process: refused by name, and nothing is written. */
import { anyUid } from '@muster/contract/values';
import { operations, type Caller } from '@muster/contract/operations';
import * as acting from '../../src/features/proposals';
import * as auditing from '../../src/features/audit';
import * as experimenting from '../../src/features/chaos';
import * as delegating from '../../src/features/delegations';
import * as connecting from '../../src/features/connectors';
import * as drilling from '../../src/features/drills';
import * as exempting from '../../src/features/exemptions';
import * as proving from '../../src/features/posture';
import * as ending from '../../src/features/sessions';
import * as staffing from '../../src/features/staff';
import * as switching from '../../src/features/policy';
import { httpRoutes } from '../../src/http-routes';
import { MusterError } from '@muster/core/errors';
import type { Operation } from '../../src/platform/operations/operation';
import { as, newBackend, SCENARIO_ID, type Backend } from '../harness';
import {
  HOSTILE_CURSORS,
  HOSTILE_IDS,
  HOSTILE_KEYS,
  HOSTILE_LIMITS,
  HOSTILE_REQUESTS,
  HOSTILE_VALUES,
} from './hostile-values';
import { storedWith } from './stored';
import { internalsIn } from './suite-client';
import { validRequests, validRouteRequests, type RouteRequest } from './valid-requests';

const subject = { scenarioId: SCENARIO_ID, drillId: 'drl_hostile', uid: 'uid-staff' };

/** Every deployed operation, those of the routes included, with a request that would be done. */
const all = (): [string, Operation, Record<string, unknown>][] => {
  const requests: Record<string, Record<string, unknown>> = validRequests(subject);
  const routed: Record<string, RouteRequest> = validRouteRequests(subject);
  const deployed = [
    acting,
    auditing,
    experimenting,
    connecting,
    delegating,
    drilling,
    exempting,
    proving,
    ending,
    staffing,
    switching,
  ].flatMap((feature) =>
    Object.values(feature).filter((one): one is Operation => typeof one === 'object' && 'contract' in one),
  );
  return deployed.map((operation) => {
    const route = httpRoutes.find((one) => one.operation === operation);
    const { body, asked = { limit: 10 } } = (route && routed[`${route.method.toUpperCase()} ${route.path}`]) ?? {};
    const request = requests[operation.name] ?? (body ? { ...body, requestId: 'r-route' } : asked);
    return [operation.name, operation, request];
  });
};

const callerOf: Record<Caller, ReturnType<typeof as>> = {
  'signed-in': as('member'),
  staff: as('staff'),
  'staff-or-auditor': as('auditor'),
  admin: as('admin'),
  recorder: as('recorder'),
};

let backend: Backend;
beforeAll(async () => {
  backend = await newBackend();
});
afterAll(() => backend.close());

/** Every action begins with it. */
const NO_PREFIX = 'an empty text';

/** What a proposal, or an entry of the product's, is about is the product's own: any object. */
const OF_PRODUCT: ReadonlySet<string> = new Set(['input', 'metadata']);
const ANY_OBJECT: ReadonlySet<string> = new Set(['an unknown object', 'a key constructor']);

/** Null is a value of theirs: nothing was measured, nothing is delivered. */
const NULLABLE: ReadonlySet<string> = new Set(['recoveryMs', 'brakeMs', 'deliverTo']);

const ID = /^(?:drillId|scenarioId|delegationId|exemptionId|proposalId|connectorId|experimentId)$/u;
const UID = /^(?:uid|securityLead|participants|agent|owner|actor)$/u;

/** Firebase Auth lets a uid be nearly anything; these could not be part of a path. */
const NO_UID = /[/\s]|^\.+$|^__/u;

/** Good but for one field, at any depth of objects and lists: `roles.securityLead`, `participants.0`. */
const spoiled = (request: Record<string, unknown>): { field: string; problem: string; input: unknown }[] =>
  Object.entries(request).flatMap(([name, good]) => {
    const put = (value: unknown) => ({ ...request, [name]: value });
    const within =
      typeof good === 'object' && good !== null && !Array.isArray(good)
        ? spoiled(good as Record<string, unknown>).map(({ field, problem, input }) => ({
            field: `${name}.${field}`,
            problem,
            input: put(input),
          }))
        : [];
    const elements = Array.isArray(good)
      ? Object.entries(HOSTILE_VALUES).map(([problem, value]) => ({ field: `${name}.0`, problem, input: put([value]) }))
      : [];
    const ids = HOSTILE_IDS.filter((id) => ID.test(name) || (UID.test(name) && NO_UID.test(id)));
    const further: unknown[] = [
      ...(name === 'participants' ? ids.map((id) => [id]) : ids),
      // Hashed before it becomes part of a path, so that dots are as good as letters.
      ...(name === 'requestId' ? HOSTILE_IDS.filter((id) => !/^[._a-z]+$/u.test(id)) : []),
      ...(name === 'limit' ? HOSTILE_LIMITS : []),
    ];
    return [
      ...within,
      ...elements,
      ...Object.entries(HOSTILE_VALUES)
        .filter(([problem]) => name !== 'actionPrefix' || problem !== NO_PREFIX)
        .filter(([problem]) => problem !== 'null' || !NULLABLE.has(name))
        .filter(([problem]) => !OF_PRODUCT.has(name) || !ANY_OBJECT.has(problem))
        .map(([problem, value]) => ({ field: name, problem, input: put(value) })),
      ...further.map((value) => ({ field: name, problem: JSON.stringify(value), input: put(value) })),
    ];
  });

/** Which of many inputs was not refused as it should be, and how it ended instead. */
const wrongly = async (operation: Operation, cases: { field: string; problem: string; input: unknown }[]) => {
  const ends = cases.map(async ({ field, problem, input }) => {
    const ended = await operation.run(backend.deps, callerOf[operation.contract.who], input).then(
      (answer) => `was done: ${JSON.stringify(answer)}`,
      (error: unknown) => {
        if (!(error instanceof MusterError)) return `threw ${String(error)}`;
        const { code, message, details } = error;
        const named = (details.fields ?? []).some((one) => one.field === field || one.field.startsWith(`${field}.`));
        if (code !== 'INVALID_ARGUMENT' || details.reason !== 'BAD_INPUT' || !named) return `${code}: ${message}`;
        if (message.length > 5000) return 'was answered at length';
        return internalsIn(JSON.stringify({ message, details })) ?? '';
      },
    );
    return ended && `${field} = ${problem}: ${ended.slice(0, 200)}`;
  });
  return (await Promise.all(ends)).filter(Boolean);
};

/** What went wrong, and what was written: both must be nothing. */
const untouched = async (during: () => Promise<string[]>) => {
  const before = await storedWith(backend.firestore, '');
  const failures = await during();
  const written = (await storedWith(backend.firestore, '')).filter((line) => !before.includes(line));
  return [...failures, ...written];
};

test('every operation of the contract is here', () => {
  const names = all().map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(operations)));
  expect(names).toHaveLength(Object.keys(operations).length + 5);
});

describe.each(all())('%s', (_name, operation, request) => {
  test('takes the request that the hostile ones are made from', () => {
    expect(operation.contract.request.safeParse(request).error).toBeUndefined();
  });

  test('refuses every field that holds what it must not, by its name', async () => {
    // Whoever must be stopped is named by whatever Firebase Auth can hold.
    const cases = spoiled(request).filter(
      ({ field, input }) =>
        operation.name !== 'sessions-revoke' ||
        field !== 'uid' ||
        !anyUid.safeParse((input as typeof request)['uid']).success,
    );
    expect(await untouched(() => wrongly(operation, cases))).toEqual([]);
  });

  test('refuses every key that it does not know, by its name', async () => {
    const cases = HOSTILE_KEYS.map((key) => ({
      field: key,
      problem: 'unknown',
      input: Object.defineProperty({ ...request }, key, { value: { a: 1 }, enumerable: true }),
    }));
    expect(await untouched(() => wrongly(operation, cases))).toEqual([]);
  });

  test('refuses what is no request at all', async () => {
    const cases = Object.entries(HOSTILE_REQUESTS).map(([problem, input]) => ({ field: '(body)', problem, input }));
    expect(await untouched(() => wrongly(operation, cases))).toEqual([]);
  });
});

test.each(all().filter(([name]) => ['drills-list', 'audit-query'].includes(name)))(
  '%s refuses every forged cursor',
  async (_name, operation) => {
    const cases = HOSTILE_CURSORS.map((cursor) => ({ field: 'cursor', problem: cursor, input: { cursor } }));
    expect(await untouched(() => wrongly(operation, cases))).toEqual([]);
  },
);

test('nothing was polluted on the way', () => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
