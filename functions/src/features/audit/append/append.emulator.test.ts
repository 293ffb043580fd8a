import { expectBadInputIsNamed, NEVER, type BadInput } from '../../../../test/bad-input';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { as, refusalOf, START, type Runnable } from '../../../../test/harness';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { MUSTER_WORDS } from '@muster/contract/audit/entry';
import { APPENDS_A_MINUTE } from '@muster/contract/audit/append';
import { sealNow } from '../log/seal-now';
import { appendEntryOfProduct, queryAudit } from '..';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
  await watched.given('muster_drills/drl_abcd1234', { there: true });
  await watched.given('muster_incidents/inc_abcd1234', { there: true });
});
afterEach(() => watched.backend.close());

const product = as('recorder', 'uid-shop');
const valid = { action: 'shop.order_paid', target: 'orders/o-1' };
const append = (more: object = {}, call = product) => watched.call(appendEntryOfProduct, { ...valid, ...more }, call);

test('an entry of the product stands in the log as any other, said by who appended it', async () => {
  const { entryId, at } = await append({
    rationale: 'Card declined twice',
    outcome: 'failed',
    severity: 'P2',
    incidentId: 'inc_abcd1234',
    metadata: { order: { lines: [1, 2] } },
  });
  expect(at).toBe(START.toISOString());
  expect(watched.entry()).toMatchObject({
    ...valid,
    actorType: 'member',
    actorId: 'uid-shop',
    rationale: 'Card declined twice',
    outcome: 'failed',
    severity: 'P2',
    drillId: null,
    incidentId: 'inc_abcd1234',
    exercise: false,
    metadata: { order: { lines: [1, 2] } },
    leafIndex: null,
  });
  const found = await watched.backend.run(queryAudit, { text: 'declined' });
  expect(found.entries.map(({ id }) => id)).toEqual([entryId]);
  await watched.backend.run(sealNow, {}, as('staff'));
  expect((await watched.backend.run(queryAudit, { actionPrefix: 'shop.' })).entries).toMatchObject([{ leafIndex: 0 }]);
});

test('what belongs to a drill is marked as an exercise', async () => {
  await append({ drillId: 'drl_abcd1234' });
  expect(watched.entry()).toMatchObject({ drillId: 'drl_abcd1234', incidentId: null, exercise: true });
});

test.each([
  [{ drillId: 'drl_nobody00' }, 'UNKNOWN_DRILL', 'drillId'],
  [{ incidentId: 'inc_nobody00' }, 'UNKNOWN_INCIDENT', 'incidentId'],
] as const)('what belongs to nothing that there is, is refused: %j', async (more, reason, field) => {
  await watched.settle();
  expect(await watched.refused(appendEntryOfProduct, { ...valid, ...more }, product)).toMatchObject({
    code: 'NOT_FOUND',
    details: { reason, fields: [{ field }] },
  });
});

test.each(['orders/o-1', 'policies/p-1', 'policyholder/7', 'my-policy/1', 'staffing/1', '7'])(
  'a target of the product is its own: %s',
  async (target) => {
    await append({ target });
  },
);

test('secrets and personal data do not pass, wherever they stand', async () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  await append({
    target: `users/ada@example.com`,
    rationale: `leaked ${token}`,
    metadata: { a: { b: ['ada@example.com'] }, password: 'hunter2' },
  });
  const entry = JSON.stringify(watched.entry());
  for (const secret of [token, 'ada@example.com', 'hunter2']) expect(entry).not.toContain(secret);
  expect(watched.entry()).toMatchObject({ rationale: 'leaked [redacted:github-token]' });
});

const nested = (levels: number): object => (levels <= 1 ? {} : { in: nested(levels - 1) });
const BAD: BadInput[] = [
  ...NEVER,
  ...MUSTER_WORDS.map((word): BadInput => [`Muster's own ${word}`, { action: `${word}.forged` }, 'action']),
  ['an undeclared namespace', { action: 'warehouse.moved' }, 'action'],
  ['a namespace that only begins so', { action: 'shopping.done' }, 'action'],
  ['a namespace alone', { action: 'shop' }, 'action'],
  ['a part of a namespace of two words', { action: 'billing.paid' }, 'action'],
  ['an action in capitals', { action: 'shop.Paid' }, 'action'],
  ['an action of 81 characters', { action: `shop.${'a'.repeat(76)}` }, 'action'],
  ['an action that is a token', { action: ['shop.gh', 'p_', 'a1b2'.repeat(9)].join('') }, 'action'],
  ['a target that is a drill', { target: 'drills/drl_abcd1234' }, 'target'],
  ['a target that is an incident', { target: 'incidents' }, 'target'],
  ...[
    'policy/current',
    'staff/uid-admin',
    'auditLog/current',
    'jobs/policy_expire',
    'muster_policy/current',
    ' /Policy/x',
  ].map((target): BadInput => [`a target of Muster's own: ${target}`, { target }, 'target']),
  ['no target', { target: undefined }, 'target'],
  ['a rationale of 1,001 characters', { rationale: 'x'.repeat(1001) }, 'rationale'],
  ['a drill that is an incident', { drillId: 'drl_abcd1234', incidentId: 'inc_abcd1234' }, 'incidentId'],
  ['a drill in the metadata', { metadata: { drillId: 'drl_abcd1234' } }, 'metadata'],
  ['metadata of 6 levels', { metadata: nested(6) }, 'metadata'],
  ['metadata without end', { metadata: nested(3000) }, 'metadata'],
  ['metadata of more than 8 KiB', { metadata: { text: 'ä'.repeat(4096) } }, 'metadata'],
  ['metadata that is a list', { metadata: [] }, 'metadata'],
  ['metadata with __proto__', { metadata: JSON.parse('{"__proto__": {"a": 1}}') as unknown }, 'metadata'],
  ['a list in a list', { metadata: { a: [[1]] } }, 'metadata'],
  ['a key that the database reserves', { metadata: { a: { __name__: 1 } } }, 'metadata'],
  ['a key without a name', { metadata: { '': 1 } }, 'metadata'],
  ['a key of 201 characters', { metadata: { ['k'.repeat(201)]: 1 } }, 'metadata'],
  ['half of a character', { metadata: { a: 'x\ud800' } }, 'metadata'],
  ['half of a character in a key', { metadata: { 'a\ud800': 1 } }, 'metadata'],
  ['a number without end', { metadata: { a: Number.POSITIVE_INFINITY } }, 'metadata'],
  ['a place in the log', { leafIndex: 0 }, 'leafIndex'],
  ['a time of its own', { at: START.toISOString() }, 'at'],
  ['an actor of its own', { actorId: 'uid-ada' }, 'actorId'],
];
test('what JSON can say otherwise is kept, and can be sealed and found', async () => {
  const metadata = {
    'a.b/c`d': [1, 0, 1e-7, 2 ** 60, null, true, { list: [] }],
    constructor: 'x',
    toString: { hasOwnProperty: '' },
    'ключ 🗝': 'NUL\u0000 \u2028',
    __half: {},
  };
  await append({ metadata, target: 'a/b/../c 🗝', rationale: 'x' });
  await watched.backend.run(sealNow, {}, as('staff'));
  const [entry] = (await watched.backend.run(queryAudit, { action: valid.action })).entries;
  expect(entry).toMatchObject({ metadata, target: 'a/b/../c 🗝', leafIndex: 0 });
});

test('bad input is named', async () => {
  await append({ action: 'billing.invoices.sent', metadata: nested(5) });
  await expectBadInputIsNamed(watched, appendEntryOfProduct, valid, BAD, product);
});

test('where nothing is declared, nothing is appended', async () => {
  watched.backend.deps.limits.auditNamespaces = [];
  const refusal = await watched.refused(appendEntryOfProduct, valid, product);
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', details: { fields: [{ field: 'action' }] } });
});

test.each(['staff', 'admin', 'auditor', 'member'] as const)('%s is no recorder', async (role) => {
  expect(await watched.refused(appendEntryOfProduct, valid, as(role))).toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('request ids are kept', async () => {
  await expectRequestIdsAreKept(
    watched,
    appendEntryOfProduct,
    { one: valid, other: { ...valid, target: 'orders/o-2' }, forAnotherUser: valid },
    'recorder',
  );
});

test('60 a minute of each caller, in any minute, and then it says when', async () => {
  const { backend } = watched;
  const at = (seconds: number) => (backend.clock.now = new Date(START.getTime() + seconds * 1000));
  const many = async (count: number) => {
    for (let index = 0; index < count; index += 1) await backend.run(appendEntryOfProduct, valid, product);
  };
  await many(30);
  at(40);
  await backend.run(appendEntryOfProduct, { ...valid, requestId: 'one' }, product);
  await many(APPENDS_A_MINUTE - 31);
  await watched.settle();
  const refused = async () => watched.refused(appendEntryOfProduct, valid, product);
  const until = (seconds: number) => ({
    code: 'RATE_LIMITED',
    details: { reason: 'RATE_LIMITED', tryAgainAt: new Date(START.getTime() + seconds * 1000).toISOString() },
  });
  expect(await refused()).toMatchObject(until(60));
  at(59.999);
  expect(await refused()).toMatchObject(until(60));
  // What was done before is answered again, and another caller has a minute of its own.
  await append({ requestId: 'one' });
  expect(watched.changedSomething()).toBe(false);
  await append({}, as('recorder', 'uid-billing'));

  at(60);
  await many(30);
  await watched.settle();
  expect(await refused()).toMatchObject(until(100));
});

test('of 70 at once 60 are written, each with its entry', async () => {
  const { backend } = watched;
  const settled = await Promise.all(
    Array.from({ length: 7 }, async () => {
      const codes: string[] = [];
      for (let index = 0; index < 10; index += 1) {
        codes.push(
          await backend.run(appendEntryOfProduct, valid, product).then(
            () => 'done',
            (error: { code: string }) => error.code,
          ),
        );
      }
      return codes;
    }),
  );
  const done = settled.flat().filter((code) => code === 'done');
  expect(done).toHaveLength(APPENDS_A_MINUTE);
  expect(await backend.auditEntries()).toHaveLength(APPENDS_A_MINUTE);
});

test('a recorder may nothing else', async () => {
  const others: Runnable<unknown>[] = [queryAudit, sealNow];
  for (const operation of others) {
    expect(await refusalOf(watched.backend.run(operation, {}, product))).toMatchObject({ code: 'PERMISSION_DENIED' });
  }
});
