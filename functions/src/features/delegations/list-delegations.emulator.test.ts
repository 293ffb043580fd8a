import { expectBadInputIsNamed } from '../../../test/bad-input';
import { as, HOUR, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { grantDelegation, listDelegations, revokeDelegation } from '.';

const at = (hours: number) => new Date(START.getTime() + hours * HOUR);
const member = (uid: string) => as('member', uid);

let watched: Watched;
afterAll(() => watched.backend.close());

/** By name, in the order in which they were granted; the first two at the same time. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  watched = await watchedBackend();
  const granted = async (name: string, owner: string, agent: string, hour: number, end = 100) => {
    watched.backend.clock.now = at(hour);
    const input = { agent, capabilities: ['shipping'], reason: 'why', expiresAt: at(end).toISOString() };
    ids[name] = (await watched.call(grantDelegation, input, member(owner))).delegation.id;
  };
  await granted('adas', 'ada', 'robot', 0);
  await granted('adas-spider', 'ada', 'spider', 0);
  await granted('short', 'ada', 'robot', 1, 2);
  await granted('over', 'ada', 'robot', 2);
  await granted('bobs', 'bob', 'robot', 3);
  await granted('robots', 'robot', 'ada', 4);
  await watched.call(revokeDelegation, { delegationId: ids['over'], reason: 'why' }, member('ada'));
  watched.backend.clock.now = at(5);
});

const listed = async (input: object, caller = as('auditor')) => {
  const { delegations, nextCursor } = await watched.call(listDelegations, input, caller);
  return { names: delegations.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id)), nextCursor };
};
const ADAS = ['over', 'short', expect.stringMatching(/^adas/u), expect.stringMatching(/^adas/u)];

test.each<[string, object, unknown[]]>([
  ['all, the latest first', {}, ['robots', 'bobs', ...ADAS]],
  ['one owner', { owner: 'ada' }, ADAS],
  ['one agent', { agent: 'spider' }, ['adas-spider']],
  ['one agent of one owner', { owner: 'ada', agent: 'robot' }, ['over', 'short', 'adas']],
  ['nothing', { owner: 'nobody' }, []],
])('auditors and staff are told of %s', async (_, input, names) => {
  expect(await listed(input)).toEqual({ names, nextCursor: null });
  expect(await listed(input, as('staff'))).toEqual({ names, nextCursor: null });
});

test.each<[string, string, object, unknown[]]>([
  ['what they granted, unless they say otherwise', 'ada', {}, ADAS],
  ['what they granted', 'bob', { owner: 'bob' }, ['bobs']],
  ['what they were granted', 'spider', { agent: 'spider' }, ['adas-spider']],
  ['what one owner granted them', 'robot', { owner: 'ada', agent: 'robot' }, ['over', 'short', 'adas']],
  ['what they granted to one agent', 'robot', { owner: 'robot', agent: 'ada' }, ['robots']],
  ['nothing, if there is nothing', 'stranger', {}, []],
])('everyone is told of %s', async (_, uid, input, names) => {
  expect(await listed(input, member(uid))).toEqual({ names, nextCursor: null });
});

test.each([{ owner: 'ada' }, { agent: 'robot' }, { owner: 'ada', agent: 'robot' }])(
  'nobody without a role is told of those of others (%j)',
  async (input) => {
    expect(await watched.refused(listDelegations, input, member('bob'))).toMatchObject({
      code: 'PERMISSION_DENIED',
      details: { reason: 'ROLE_MISSING' },
    });
  },
);

test('tells how each stands, as the guard would see it', async () => {
  const states = async () => {
    const { delegations } = await watched.call(listDelegations, { owner: 'ada', agent: 'robot' });
    return Object.fromEntries(
      delegations.map(({ id, state }) => [Object.keys(ids).find((name) => ids[name] === id), state]),
    );
  };
  expect(await states()).toEqual({ adas: 'active', short: 'expired', over: 'revoked' });
  await watched.given('muster_revocations/ada', { validAfter: START, withdrawn: [] });
  expect(await states()).toEqual({ adas: 'revoked', short: 'revoked', over: 'revoked' });
  await watched.given('muster_revocations/ada', undefined);
});

test('goes on at the cursor, without a gap and without a repetition', async () => {
  const pages: unknown[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await listed({ owner: 'ada', limit: 3, ...(cursor ? { cursor } : {}) });
    pages.push(page.names);
    cursor = page.nextCursor;
  }
  // The page ends between two that were granted at the same time.
  expect(pages.map((page) => page.length)).toEqual([3, 1]);
  expect(new Set(pages.flat())).toEqual(new Set(['adas', 'adas-spider', 'over', 'short']));
});

test('names each field that is wrong', async () => {
  await expectBadInputIsNamed(watched, listDelegations, {}, [
    ['an owner that is a path', { owner: 'a/b' }, 'owner'],
    ['an agent that is a list', { agent: ['robot'] }, 'agent'],
    ['a limit of 0', { limit: 0 }, 'limit'],
    ['a limit of 201', { limit: 201 }, 'limit'],
    ['a cursor that is not ours', { cursor: 'abcd' }, 'cursor'],
    ['a key that is not in the contract', { state: 'active' }, 'state'],
  ]);
});
