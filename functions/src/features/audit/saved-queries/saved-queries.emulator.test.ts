import { expectBadInputIsNamed, NEVER, type BadInput } from '../../../../test/bad-input';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { as, START } from '../../../../test/harness';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { MOST_SAVED_QUERIES } from '@muster/contract/audit/queries';
import { deleteQuery, listQueries, saveQuery } from '..';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const query = { actionPrefix: 'capability.', outcome: 'refused' as const };
const save = (name: string, more: object = query) => watched.call(saveQuery, { name, query: more });
const names = async () => (await watched.call(listQueries, {}, as('auditor'))).queries.map(({ name }) => name);

test('saved, listed by name for all, and audited', async () => {
  const { saved } = await save('Refused');
  expect(saved).toEqual({
    id: expect.stringMatching(/^qry_/u),
    name: 'Refused',
    query,
    savedBy: 'uid-staff',
    savedAt: START.toISOString(),
  });
  expect(watched.entry()).toMatchObject({
    action: 'audit_query.saved',
    target: 'auditQueries/current',
    metadata: { queryId: saved.id, name: 'Refused', query },
  });
  await save('Drills', { drillId: 'drl_abcd1234', from: '2026-01-01T00:00:00Z' });
  const { queries } = await watched.call(listQueries, {}, as('auditor'));
  expect(queries.map(({ name }) => name)).toEqual(['Drills', 'Refused']);
  expect(queries[1]).toEqual(saved);
});

test('a name that is taken is replaced, and the entry tells what stood there; the same again changes nothing', async () => {
  const { saved } = await save('Refused');
  const again = await save('Refused');
  expect(again).toEqual({ changed: false, saved });
  expect(watched.changedSomething()).toBe(false);

  const other = await watched.call(saveQuery, { name: 'REFUSED', query: { text: 'leak' } }, as('staff', 'uid-ada'));
  expect(other.saved).toMatchObject({ id: saved.id, name: 'REFUSED', query: { text: 'leak' }, savedBy: 'uid-ada' });
  expect(watched.entry()).toMatchObject({ action: 'audit_query.replaced', metadata: { before: query } });
  expect(await names()).toEqual(['REFUSED']);
});

test('deleted, and the entry has all of it; what is gone is gone once', async () => {
  const { saved } = await save('Refused');
  expect(await watched.call(deleteQuery, { queryId: saved.id })).toEqual({ deleted: true });
  expect(watched.entry()).toMatchObject({ action: 'audit_query.deleted', metadata: { name: 'Refused', query } });
  expect(await watched.call(deleteQuery, { queryId: saved.id })).toEqual({ deleted: false });
  expect(watched.changedSomething()).toBe(false);
  expect(await names()).toEqual([]);
});

test('never more than 100, also when several save at once', async () => {
  const { backend } = watched;
  for (let index = 0; index < MOST_SAVED_QUERIES - 2; index += 1)
    await backend.run(saveQuery, { name: `query ${index}`, query });
  const settled = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) => backend.run(saveQuery, { name: `late ${index}`, query })),
  );
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  await watched.settle();
  expect(await names()).toHaveLength(MOST_SAVED_QUERIES);
  expect(await watched.refused(saveQuery, { name: 'one more', query })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'TOO_MANY' },
  });
  await save('query 7', { text: 'replaced' });
});

const BAD: BadInput[] = [
  ...NEVER,
  ['no name', { name: undefined }, 'name'],
  ['a name of blanks', { name: '  ' }, 'name'],
  ['a name of 61 characters', { name: 'x'.repeat(61) }, 'name'],
  ['a query that asks for everything', { query: {} }, 'query'],
  ['a filter that is not offered', { query: { ...query, metadata: 'x' } }, 'query.metadata'],
  ['a page', { query: { ...query, limit: 5 } }, 'query.limit'],
  ['two questions about lists', { query: { actionPrefix: 'a', text: 'leak' } }, 'query.text'],
  ['a filter that is wrong', { query: { ip: 'nowhere' } }, 'query.ip'],
];
test('bad input is named', async () => {
  await expectBadInputIsNamed(watched, saveQuery, { name: 'Refused', query }, BAD);
  await expectBadInputIsNamed(watched, deleteQuery, { queryId: 'qry_abcd1234' }, [
    ...NEVER,
    ['an id of something else', { queryId: 'drl_abcd1234' }, 'queryId'],
  ]);
});

test.each(['auditor', 'member', 'recorder'] as const)('%s may not save, nor delete', async (role) => {
  for (const [operation, input] of [
    [saveQuery, { name: 'Refused', query }],
    [deleteQuery, { queryId: 'qry_abcd1234' }],
  ] as const) {
    expect(await watched.refused(operation, input, as(role))).toMatchObject({ code: 'PERMISSION_DENIED' });
  }
});

test('request ids are kept', async () => {
  await expectRequestIdsAreKept(watched, saveQuery, {
    one: { name: 'one', query },
    other: { name: 'other', query },
    forAnotherUser: { name: 'two', query },
  });
});
