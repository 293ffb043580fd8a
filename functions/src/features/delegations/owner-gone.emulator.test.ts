/** What was delegated by an account that is disabled or deleted is of nobody: from the moment that Muster knows. */
import { getAuth } from 'firebase-admin/auth';
import { as, HOUR, START } from '../../../test/harness';
import { newPerson } from '../../../test/people';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { MusterError } from '@muster/core/errors';
import { runJob } from '../../platform/operations/job';
import { getPolicy } from '../policy';
import { requestProposal } from '../proposals';
import { revokeSessions } from '../sessions';
import { grantDelegation, listDelegations, sweepOwners } from '.';

let watched: Watched;
let delegation: string;
beforeEach(async () => {
  watched = await watchedBackend();
  await newPerson(watched.backend, 'ada');
  delegation = await delegated('ada');
});
afterEach(() => watched.backend.close());

const delegated = async (owner: string): Promise<string> => {
  const expiresAt = new Date(START.getTime() + 24 * HOUR).toISOString();
  const asked = { agent: 'robot', capabilities: ['shipping'], reason: 'ships for me', expiresAt };
  return (await watched.backend.run(grantDelegation, asked, as('member', owner))).delegation.id;
};
const auth = () => getAuth(watched.backend.app);
const acting = (owner = 'ada', id = delegation) =>
  watched.backend.run(
    requestProposal,
    { capability: 'shipping.commit', rationale: 'the release is due', delegation: { id, owner, actor: 'robot' } },
    as('member', 'robot'),
  );
const refusedAs = (reason: string) => ({ details: expect.objectContaining({ reason }) });
const sweep = (minutes: number) =>
  runJob(watched.backend.deps, sweepOwners, new Date(START.getTime() + minutes * 60_000));
const accountEntries = async () =>
  (await watched.backend.auditEntries()).filter(({ action }) => String(action).startsWith('accounts.'));

test('disabled outside, it is found within 15 minutes; enabled again, it stands again', async () => {
  await acting();
  await auth().updateUser('ada', { disabled: true });
  await sweep(15);
  await expect(acting()).rejects.toMatchObject(refusedAs('OWNER_GONE'));
  expect(await accountEntries()).toMatchObject([
    { action: 'accounts.gone', target: 'revocations/ada', actorType: 'system', metadata: { standing: 'disabled' } },
  ]);
  expect((await watched.backend.run(listDelegations, { owner: 'ada' })).delegations).toMatchObject([
    { state: 'revoked' },
  ]);
  // Nothing is noted twice.
  await sweep(30);
  expect(await accountEntries()).toHaveLength(1);
  await auth().updateUser('ada', { disabled: false });
  await sweep(45);
  await acting();
  expect(await accountEntries()).toMatchObject([{}, { action: 'accounts.returned' }]);
});

test('deleted, it stands no more, and not for who comes under the same uid', async () => {
  await auth().deleteUser('ada');
  await sweep(15);
  await expect(acting()).rejects.toMatchObject(refusedAs('OWNER_GONE'));
  await auth().createUser({ uid: 'ada' });
  await sweep(30);
  await expect(acting()).rejects.toMatchObject(refusedAs('DELEGATION_REVOKED'));
});

test('disabled first and deleted later, it is over for good', async () => {
  await auth().updateUser('ada', { disabled: true });
  await sweep(15);
  await auth().deleteUser('ada');
  await sweep(30);
  await sweep(45);
  expect(await accountEntries()).toMatchObject([
    { metadata: { standing: 'disabled' } },
    { metadata: { standing: 'deleted' } },
  ]);
  await auth().createUser({ uid: 'ada' });
  await sweep(60);
  await expect(acting()).rejects.toMatchObject(refusedAs('DELEGATION_REVOKED'));
});

test.each([
  ['USER_DISABLED', 'disabled'],
  ['USER_DELETED', 'deleted'],
] as const)('a call that Firebase Auth refuses (%s) is enough', async (reason, standing) => {
  const refused = Promise.reject(new MusterError('UNAUTHENTICATED', 'gone', { reason, next: 'Sign in again.' }));
  refused.catch(() => undefined);
  const call = { ...as('member', 'ada'), confirmed: refused };
  for (let time = 0; time < 2; time += 1) {
    await expect(watched.backend.run(getPolicy, {}, call)).rejects.toMatchObject(refusedAs(reason));
  }
  await expect(acting()).rejects.toMatchObject(refusedAs('OWNER_GONE'));
  expect(await accountEntries()).toMatchObject([{ target: 'revocations/ada', metadata: { standing } }]);
});

test('ending the sessions of who is not there is enough', async () => {
  await auth().deleteUser('ada');
  await watched.backend.run(revokeSessions, { uid: 'ada', reason: 'left the company' });
  await expect(acting()).rejects.toMatchObject(refusedAs('OWNER_GONE'));
});

test('the sweep asks about each owner once, however many delegations stand, and about nobody else', async () => {
  const asked: (readonly string[])[] = [];
  const { directory } = watched.backend.deps;
  watched.backend.deps.directory = {
    ...directory,
    async findAll(uids) {
      asked.push(uids);
      return directory.findAll(uids);
    },
  };
  await newPerson(watched.backend, 'bob');
  for (const owner of ['ada', 'bob', 'bob']) await delegated(owner);
  await sweep(15);
  expect(asked.map((uids) => [...uids].toSorted())).toEqual([['ada', 'bob']]);
  asked.length = 0;
  await sweep(25 * 60);
  expect(asked).toEqual([]);
});

test('Firebase Auth is away: the run fails, and nobody is called gone', async () => {
  const { directory } = watched.backend.deps;
  const away = async () => Promise.reject(new Error('Firebase Auth is away'));
  watched.backend.deps.directory = { ...directory, findAll: away };
  await expect(sweep(15)).rejects.toThrow('away');
  await acting();
  expect(await accountEntries()).toEqual([]);
});
