import { as, START } from '../../../test/harness';
import { expectBadInputIsNamed } from '../../../test/bad-input';
import { after, AGENT, agent, PROPOSAL } from '../../../test/proposals';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { approveProposal, executeProposal, listProposals, rejectProposal, requestProposal } from '.';

let watched: Watched;
/** Oldest first: proposed, approved, rejected, executed, each a minute after the other; the second by staff. */
let ids: string[];
beforeAll(async () => {
  watched = await watchedBackend();
  ids = [];
  for (const minute of [0, 1, 2, 3]) {
    watched.backend.clock.now = after(minute / 60);
    const capability = minute < 3 ? 'shipping.commit' : 'billing.charge';
    const who = minute === 1 ? as('staff') : agent;
    ids.push((await watched.call(requestProposal, { ...PROPOSAL, capability }, who)).proposal.id);
  }
  const [, toApprove, toReject, toExecute] = ids;
  for (const proposalId of [toApprove, toExecute]) await watched.call(approveProposal, { proposalId });
  await watched.call(rejectProposal, { proposalId: toReject });
  await watched.call(executeProposal, { proposalId: toExecute });
});
beforeEach(() => {
  watched.backend.clock.now = START;
});
afterAll(() => watched.backend.close());

const list = (input: object = {}) => watched.call(listProposals, input, as('auditor'));
/** Which were found, as places in `ids`. */
const found = async (input: object = {}) => (await list(input)).proposals.map(({ id }) => ids.indexOf(id));

test('proposals come newest first, to staff and auditors', async () => {
  expect(await found()).toEqual([3, 2, 1, 0]);
  expect((await watched.call(listProposals, {})).proposals).toHaveLength(4);
  expect(await watched.refused(listProposals, {}, agent)).toMatchObject({ code: 'PERMISSION_DENIED' });
});

test.each([
  [{ status: 'proposed' }, [0]],
  [{ status: 'approved' }, [1]],
  [{ status: 'rejected' }, [2]],
  [{ status: 'executed' }, [3]],
  [{ capability: 'shipping.commit' }, [2, 1, 0]],
  [{ capability: 'shipping' }, []],
  [{ actor: AGENT }, [3, 2, 0]],
  [{ actor: AGENT, status: 'rejected' }, [2]],
  [{ capability: 'shipping.commit', status: 'executed' }, []],
  [{ actor: AGENT, capability: 'billing.charge', status: 'executed' }, [3]],
])('%j finds %j', async (filter, places) => {
  expect(await found(filter)).toEqual(places);
});

test('pages neither skip nor repeat, and the last says that it is', async () => {
  const places: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ limit: 3, ...(cursor === null ? {} : { cursor }) });
    places.push(...page.proposals.map(({ id }) => ids.indexOf(id)));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(places).toEqual([3, 2, 1, 0]);
  expect((await list({ limit: 4 })).nextCursor).toBeNull();
});

test('one that nobody executed in time is told as expired, whatever it is asked for by', async () => {
  watched.backend.clock.now = after(7 * 24);
  const statuses = async (filter: object) => (await list(filter)).proposals.map(({ status }) => status);
  expect(await statuses({ status: 'proposed' })).toEqual(['expired']);
  // The other was approved a minute later, and has that minute left.
  expect(await statuses({})).toEqual(['executed', 'rejected', 'approved', 'expired']);
  watched.backend.clock.now = after(7 * 24 + 1);
  expect(await statuses({})).toEqual(['executed', 'rejected', 'expired', 'expired']);
});

test('each field that is wrong is named', async () => {
  await expectBadInputIsNamed(watched, listProposals, {}, [
    ['a key that is not in the contract', { surprise: 1 }, 'surprise'],
    ['a status that is told and not stored', { status: 'expired' }, 'status'],
    ['a capability that is everything', { capability: '*' }, 'capability'],
    ['an actor that is a path', { actor: 'a/b' }, 'actor'],
    ['no rows', { limit: 0 }, 'limit'],
    ['a forged cursor', { cursor: 'abc' }, 'cursor'],
  ]);
});
