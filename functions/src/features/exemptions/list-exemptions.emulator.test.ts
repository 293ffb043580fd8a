import { expectBadInputIsNamed } from '../../../test/bad-input';
import { as, HOUR, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { grantExemption, listExemptions, revokeExemption } from '.';
import { killCapability } from '../policy';

const at = (hours: number) => new Date(START.getTime() + hours * HOUR);

let watched: Watched;
afterAll(() => watched.backend.close());

/** By name, in the order in which they were granted; the first two at the same time. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  watched = await watchedBackend();
  await watched.call(killCapability, { capability: '*', reason: 'it misbehaves badly' });
  const granted = async (name: string, owner: string, capability: string, hour: number, end = 100) => {
    watched.backend.clock.now = at(hour);
    const input = { owner, capability, justification: 'one last shipment', until: at(end).toISOString() };
    ids[name] = (await watched.call(grantExemption, input)).exemption.id;
  };
  await granted('adas', 'ada', 'shipping.commit', 0);
  await granted('adas-push', 'ada', 'shipping.push', 0);
  await granted('bobs', 'bob', 'shipping.commit', 1, 2);
  await granted('over', 'cleo', 'shipping.push', 2);
  await watched.call(revokeExemption, { exemptionId: ids['over'], reason: 'enough' });
  watched.backend.clock.now = at(5);
});

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
const listed = async (input: object) => {
  const { exemptions, nextCursor } = await watched.call(listExemptions, input, as('auditor'));
  return { names: exemptions.map(({ id }) => nameOf(id)), nextCursor };
};
const ADAS = [expect.stringMatching(/^adas/u), expect.stringMatching(/^adas/u)];

test.each<[string, object, unknown[]]>([
  ['all, the latest first', {}, ['over', 'bobs', ...ADAS]],
  ['one owner', { owner: 'ada' }, ADAS],
  ['one capability', { capability: 'shipping.commit' }, ['bobs', 'adas']],
  ['both together', { owner: 'ada', capability: 'shipping.push' }, ['adas-push']],
  ['nothing: names are whole names', { capability: 'shipping' }, []],
])('gives %s', async (_, input, names) => {
  expect(await listed(input)).toEqual({ names, nextCursor: null });
});

test('tells how each stands', async () => {
  const { exemptions } = await watched.call(listExemptions, {});
  expect(Object.fromEntries(exemptions.map(({ id, state }) => [nameOf(id), state]))).toEqual({
    adas: 'active',
    'adas-push': 'active',
    bobs: 'expired',
    over: 'revoked',
  });
});

test('goes on at the cursor, without a gap and without a repetition', async () => {
  const pages: unknown[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await listed({ limit: 3, ...(cursor ? { cursor } : {}) });
    pages.push(page.names);
    cursor = page.nextCursor;
  }
  // The page ends between two that were granted at the same time.
  expect(pages.map((page) => page.length)).toEqual([3, 1]);
  expect(new Set(pages.flat())).toEqual(new Set(['adas', 'adas-push', 'bobs', 'over']));
});

test('is not for those without a role', async () => {
  expect(await watched.refused(listExemptions, {}, as('member', 'ada'))).toMatchObject({
    details: { reason: 'ROLE_MISSING' },
  });
});

test('names each field that is wrong', async () => {
  await expectBadInputIsNamed(watched, listExemptions, {}, [
    ['an owner that is a path', { owner: 'a/b' }, 'owner'],
    ['everything as a capability', { capability: '*' }, 'capability'],
    ['a limit of 0', { limit: 0 }, 'limit'],
    ['a limit of 201', { limit: 201 }, 'limit'],
    ['a cursor that is not ours', { cursor: 'abcd' }, 'cursor'],
    ['a key that is not in the contract', { state: 'active' }, 'state'],
  ]);
});
