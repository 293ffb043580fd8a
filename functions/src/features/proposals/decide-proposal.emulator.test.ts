/** Approving and rejecting. */
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { after, AGENT, agent, inMode, killing, PROPOSAL } from '../../../test/proposals';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import { approveProposal, executeProposal, rejectProposal, requestProposal } from '.';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const proposed = async (more: object = {}, on = watched): Promise<string> =>
  (await on.call(requestProposal, { ...PROPOSAL, ...more }, agent)).proposal.id;
const decided = { decidedAt: START.toISOString(), decidedBy: 'uid-staff', decisionReason: 'looked at' };

describe.each([
  ['approved', approveProposal],
  ['rejected', rejectProposal],
] as const)('a proposal that is %s', (status, decide) => {
  test('says who did it, when and why, and leaves an entry that says so', async () => {
    const proposalId = await proposed({ input: { a: 1 } });
    const answer = await watched.call(decide, { proposalId, reason: 'looked at' });
    expect(answer).toMatchObject({
      changed: true,
      proposal: { id: proposalId, actor: AGENT, input: { a: 1 }, status, ...decided, executedAt: null },
    });
    expect(watched.entry()).toMatchObject({
      action: `capability.action_${status}`,
      actorType: 'staff',
      target: `proposals/${proposalId}`,
      rationale: 'looked at',
      metadata: { status, capability: 'shipping.commit', actor: AGENT, inputBytes: 7 },
    });
  });

  test('is so once: again changes nothing', async () => {
    const proposalId = await proposed();
    const { proposal } = await watched.call(decide, { proposalId });
    const again = await watched.call(decide, { proposalId, reason: 'again' }, as('staff', 'uid-other'));
    expect(again).toEqual({ changed: false, proposal });
    expect(watched.changedSomething()).toBe(false);
  });

  test('must be there', async () => {
    expect(await watched.refused(decide, { proposalId: 'prp_none' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_PROPOSAL', fields: [{ field: 'proposalId' }] },
    });
  });

  test('must not have been executed, nor be over', async () => {
    const proposalId = await proposed();
    watched.backend.clock.now = after(7 * 24);
    expect(await watched.refused(decide, { proposalId })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', state: 'expired', next: expect.stringContaining('proposals-request') },
    });
    watched.backend.clock.now = START;
    await watched.call(approveProposal, { proposalId });
    await watched.call(executeProposal, { proposalId }, agent);
    expect(await watched.refused(decide, { proposalId })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', state: 'executed' },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, decide, { proposalId: 'prp_aaaa' }, [
      ...NEVER,
      ['no id', { proposalId: undefined }, 'proposalId'],
      ['the id of something else', { proposalId: 'drl_aaaa' }, 'proposalId'],
      ['an id that is a path', { proposalId: 'prp_a/b' }, 'proposalId'],
      ['an empty reason', { reason: '' }, 'reason'],
    ]);
  });

  test('is so once for one requestId', async () => {
    const [one, other, forAnotherUser] = [await proposed(), await proposed(), await proposed()].map((proposalId) => ({
      proposalId,
    }));
    if (!one || !other || !forAnotherUser) throw new Error('three proposals were made');
    await expectRequestIdsAreKept(watched, decide, { one, other, forAnotherUser });
  });
});

test('what was approved may be rejected, and what was rejected not approved', async () => {
  const proposalId = await proposed();
  await watched.call(approveProposal, { proposalId, reason: 'looked at' });
  expect(await watched.call(rejectProposal, { proposalId })).toMatchObject({
    changed: true,
    proposal: { status: 'rejected', decisionReason: null },
  });
  expect(await watched.refused(approveProposal, { proposalId })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'WRONG_STATE', state: 'rejected' },
  });
});

describe('under a restriction', () => {
  test.each([
    ['everything is killed', killing('*'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH muster.proposals.approve'],
    [
      'approving is killed by its former name',
      killing('muster.actions.approve'),
      'RESTRICTED BLOCKED_BY_KILL_SWITCH muster.proposals.approve',
    ],
    ['its capability is killed', killing('shipping'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH shipping.commit'],
    ['connectors are offline', inMode('offline'), 'RESTRICTED DEGRADED_MODE shipping.commit'],
    ['the mode is read_only', inMode('read_only'), 'RESTRICTED DEGRADED_MODE muster.proposals.approve'],
    ['the policy is damaged', { version: 7 }, 'UNAVAILABLE POLICY_UNAVAILABLE undefined'],
  ])('nothing is approved when %s, and rejected all the same', async (_, policy, told) => {
    const proposalId = await proposed();
    await watched.given('muster_policy/current', policy);
    const { code, details } = await watched.refused(approveProposal, { proposalId });
    expect(`${code} ${details.reason} ${String(details['capability'])}`).toBe(told);
    expect(await watched.call(rejectProposal, { proposalId })).toMatchObject({ proposal: { status: 'rejected' } });
  });

  test('of something else, or with an exemption of its owner, it is approved', async () => {
    const [first, second] = [await proposed(), await proposed()];
    await watched.given('muster_policy/current', killing('billing', 'muster.actions.request'));
    expect(await watched.call(approveProposal, { proposalId: first })).toMatchObject({ changed: true });
    const { shipping } = killing('shipping').killSwitches;
    const exemptions = { [AGENT]: { 'shipping.commit': { id: 'exm_a', until: after(1), by: ['uid-granter'] } } };
    await watched.given('muster_policy/current', {
      ...NORMAL,
      killSwitches: { shipping: { ...shipping, exemptions } },
    });
    expect(await watched.call(approveProposal, { proposalId: second })).toMatchObject({ changed: true });
  });
});

test('where two persons are needed, nobody approves what they proposed, and another one does', async () => {
  const two = await watchedBackend({ twoPersons: true });
  const { id: proposalId } = (await two.call(requestProposal, PROPOSAL, as('staff'))).proposal;
  expect(await two.refused(approveProposal, { proposalId })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'SECOND_PERSON_NEEDED', next: expect.stringContaining('Another staff member') },
  });
  const answer = await two.call(approveProposal, { proposalId }, as('staff', 'uid-other'));
  expect(answer).toMatchObject({ changed: true, proposal: { decidedBy: 'uid-other' } });
  await two.backend.close();
});
