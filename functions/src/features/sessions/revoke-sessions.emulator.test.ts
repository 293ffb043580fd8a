import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { getAuth } from 'firebase-admin/auth';
import { newPerson } from '../../../test/people';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import type { Role } from '@muster/contract/staff';
import type { StaffDirectory } from '../../platform/adapters/staff-directory';
import { getPolicy } from '../policy';
import { revokeSessions } from '.';

let watched: Watched;
/** Whom Firebase Auth was told about; it knows seconds only, so the calls are counted. */
let told: string[];
let real: StaffDirectory;
beforeEach(async () => {
  watched = await watchedBackend();
  told = [];
  real = watched.backend.deps.directory;
  directory({
    async endSessions(uid) {
      await real.endSessions(uid);
      told.push(uid);
    },
  });
  await newPerson(watched.backend, 'ada');
});
afterEach(() => watched.backend.close());

const directory = (over: Partial<StaffDirectory>) => {
  watched.backend.deps.directory = { ...watched.backend.deps.directory, ...over };
};
const away = () => Promise.reject(new Error('Firebase Auth is away'));

const reason = 'a laptop was stolen';
const revoke = (uid: string, call = as('staff')) => watched.call(revokeSessions, { uid, reason }, call);
const sessionOf = (uid: string, afterMs: number, claimed: Role[] = []) => ({
  identity: { uid, authTime: Math.floor((START.getTime() + afterMs) / 1000), claimed },
  confirmed: Promise.resolve(),
  correlationId: `test-${uid}`,
});
const ended = { code: 'UNAUTHENTICATED', details: { reason: 'SESSION_REVOKED' } };
const stored = async (uid: string) => (await watched.backend.firestore.doc(`muster_revocations/${uid}`).get()).data();

test('every session begun until then is over at once; one begun after it is not', async () => {
  const answer = { changed: true, uid: 'ada', known: true, endedAt: START.toISOString() };
  expect(await revoke('ada')).toEqual(answer);
  expect(watched.entry()).toMatchObject({
    action: 'sessions.revoked',
    target: 'revocations/ada',
    rationale: reason,
    metadata: { sessionsEndedAt: START.toISOString() },
  });
  expect(await watched.refused(getPolicy, {}, sessionOf('ada', -1000))).toMatchObject(ended);
  await watched.call(getPolicy, {}, sessionOf('ada', 0));
  expect(told).toEqual(['ada']);
});

test.each(['with space', 'tab\tbed', '.', '..', '__x__', 'a/b', 'ends\n'])(
  'also of a uid that Muster answers nobody by: %j, at Firebase Auth, with an entry that says whose',
  async (odd) => {
    await getAuth(watched.backend.app).createUser({ uid: odd });
    expect(await revoke(odd)).toMatchObject({ changed: true, uid: odd, known: true });
    expect(watched.entry()).toMatchObject({
      target: expect.stringMatching(/^revocations\/uid_[a-f0-9]{40}$/u),
      metadata: { uid: odd },
    });
    expect(told).toEqual([odd]);
  },
);

test('a user that Firebase Auth does not know is no error: its tokens are refused all the same', async () => {
  expect(await revoke('deleted')).toMatchObject({ changed: true, known: false });
  expect(watched.entry().metadata).toMatchObject({ unknownToAuth: true });
  expect(await watched.refused(getPolicy, {}, sessionOf('deleted', -1000))).toMatchObject(ended);
  expect(told).toEqual([]);
});

test('withdrawn roles stay withdrawn, and an end never moves back', async () => {
  const validAfter = new Date(START.getTime() + 60_000);
  await watched.given('muster_revocations/ada', { validAfter, withdrawn: ['staff'] });
  expect(await revoke('ada')).toMatchObject({ endedAt: validAfter.toISOString() });
  expect(await stored('ada')).toMatchObject({ withdrawn: ['staff'] });
  expect(await watched.refused(getPolicy, {}, sessionOf('ada', 59_000))).toMatchObject(ended);

  watched.backend.clock.now = new Date(START.getTime() + 120_000);
  expect(await revoke('ada')).toMatchObject({ endedAt: watched.backend.clock.now.toISOString() });
  expect(await watched.refused(getPolicy, {}, sessionOf('ada', 119_000))).toMatchObject(ended);
  expect(await stored('ada')).toMatchObject({ withdrawn: ['staff'] });
});

test('one may end one’s own, and an admin’s: no role is lost by it', async () => {
  await revoke('uid-staff');
  expect(await watched.refused(revokeSessions, { uid: 'ada', reason })).toMatchObject(ended);
  const again = sessionOf('uid-staff', 0, ['staff']);
  await revoke('uid-admin', again);
  await watched.call(revokeSessions, { uid: 'ada', reason }, sessionOf('uid-admin', 0, ['admin']));
});

test('no policy forbids it, not even one that is damaged', async () => {
  await watched.given('muster_policy/current', { ...NORMAL, mode: { ...NORMAL.mode, name: 'read_only' } });
  await revoke('ada');
  await watched.given('muster_policy/current', { version: 'what' });
  await revoke('ada');
});

test.each([undefined, 'end:1'])(
  'binds though Firebase Auth is away; the caller hears it, and the same call finishes it (requestId %s)',
  async (requestId) => {
    const input = { uid: 'ada', reason, ...(requestId ? { requestId } : {}) };
    directory({ find: away, endSessions: away });
    await expect(watched.backend.run(revokeSessions, input)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'AUTH_NOT_UPDATED' },
    });
    await watched.settle();
    expect(await watched.refused(getPolicy, {}, sessionOf('ada', -1000))).toMatchObject(ended);

    directory(real);
    expect(await watched.backend.run(revokeSessions, input)).toMatchObject({ known: true });
    const { tokensValidAfterTime } = await getAuth(watched.backend.app).getUser('ada');
    expect(tokensValidAfterTime).toBeDefined();
    expect(await watched.backend.auditEntries()).toHaveLength(requestId ? 2 : 3);
  },
);

test('a user of whom it could not be asked, and who turns out to be unknown, is no error either', async () => {
  directory({ find: away });
  expect(await revoke('deleted')).toMatchObject({ changed: true });
});

test('names each field that is wrong', () =>
  expectBadInputIsNamed(watched, revokeSessions, { uid: 'ada', reason }, [
    ...NEVER,
    ['no uid', { uid: undefined }, 'uid'],
    ['an empty uid', { uid: '' }, 'uid'],
    ['a uid that Firebase Auth cannot hold', { uid: 'u'.repeat(129) }, 'uid'],
    ['no reason', { reason: undefined }, 'reason'],
    ['a reason of one word', { reason: 'stolen' }, 'reason'],
  ]));

test('is done once for one requestId', () =>
  expectRequestIdsAreKept(watched, revokeSessions, {
    one: { uid: 'ada', reason },
    other: { uid: 'bob', reason },
    forAnotherUser: { uid: 'ada', reason },
  }));
