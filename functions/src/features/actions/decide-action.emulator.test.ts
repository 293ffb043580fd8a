/** Approving and rejecting. */
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { after, AGENT, agent, inMode, killing, PROPOSAL } from '../../../test/proposals';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '../../../../guard/src/policy-document';
import { approveAction, executeAction, rejectAction, requestAction } from '.';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const proposed = async (more: object = {}, on = watched): Promise<string> =>
  (await on.call(requestAction, { ...PROPOSAL, ...more }, agent)).proposal.id;
const decided = { decidedAt: START.toISOString(), decidedBy: 'uid-staff', decisionReason: 'looked at' };

describe.each([
  ['approved', approveAction],
  ['rejected', rejectAction],
] as const)('a proposal that is %s', (status, decide) => {
  test('says who did it, when and why, and leaves an entry that says so', async () => {
    const actionId = await proposed({ input: { a: 1 } });
    const answer = await watched.call(decide, { actionId, reason: 'looked at' });
    expect(answer).toMatchObject({
      changed: true,
      proposal: { id: actionId, actor: AGENT, input: { a: 1 }, status, ...decided, executedAt: null },
    });
    expect(watched.entry()).toMatchObject({
      action: `capability.action_${status}`,
      actorType: 'staff',
      target: `actions/${actionId}`,
      rationale: 'looked at',
      metadata: { status, capability: 'shipping.commit', actor: AGENT, inputBytes: 7 },
    });
  });

  test('is so once: again changes nothing', async () => {
    const actionId = await proposed();
    const { proposal } = await watched.call(decide, { actionId });
    const again = await watched.call(decide, { actionId, reason: 'again' }, as('staff', 'uid-other'));
    expect(again).toEqual({ changed: false, proposal });
    expect(watched.changedSomething()).toBe(false);
  });

  test('must be there', async () => {
    expect(await watched.refused(decide, { actionId: 'prp_none' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_ACTION', fields: [{ field: 'actionId' }] },
    });
  });

  test('must not have been executed, nor be over', async () => {
    const actionId = await proposed();
    watched.backend.clock.now = after(7 * 24);
    expect(await watched.refused(decide, { actionId })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', state: 'expired', next: expect.stringContaining('actions-request') },
    });
    watched.backend.clock.now = START;
    await watched.call(approveAction, { actionId });
    await watched.call(executeAction, { actionId }, agent);
    expect(await watched.refused(decide, { actionId })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', state: 'executed' },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, decide, { actionId: 'prp_aaaa' }, [
      ...NEVER,
      ['no id', { actionId: undefined }, 'actionId'],
      ['the id of something else', { actionId: 'drl_aaaa' }, 'actionId'],
      ['an id that is a path', { actionId: 'prp_a/b' }, 'actionId'],
      ['an empty reason', { reason: '' }, 'reason'],
    ]);
  });

  test('is so once for one requestId', async () => {
    const [one, other, forAnotherUser] = [await proposed(), await proposed(), await proposed()].map((actionId) => ({
      actionId,
    }));
    if (!one || !other || !forAnotherUser) throw new Error('three proposals were made');
    await expectRequestIdsAreKept(watched, decide, { one, other, forAnotherUser });
  });
});

test('what was approved may be rejected, and what was rejected not approved', async () => {
  const actionId = await proposed();
  await watched.call(approveAction, { actionId, reason: 'looked at' });
  expect(await watched.call(rejectAction, { actionId })).toMatchObject({
    changed: true,
    proposal: { status: 'rejected', decisionReason: null },
  });
  expect(await watched.refused(approveAction, { actionId })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'WRONG_STATE', state: 'rejected' },
  });
});

describe('under a restriction', () => {
  test.each([
    ['everything is killed', killing('*'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH muster.actions.approve'],
    ['its capability is killed', killing('shipping'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH shipping.commit'],
    ['connectors are offline', inMode('offline'), 'RESTRICTED DEGRADED_MODE shipping.commit'],
    ['the mode is read_only', inMode('read_only'), 'RESTRICTED DEGRADED_MODE muster.actions.approve'],
    ['the policy is damaged', { version: 7 }, 'UNAVAILABLE POLICY_UNAVAILABLE undefined'],
  ])('nothing is approved when %s, and rejected all the same', async (_, policy, told) => {
    const actionId = await proposed();
    await watched.given('policy/current', policy);
    const { code, details } = await watched.refused(approveAction, { actionId });
    expect(`${code} ${details.reason} ${String(details['capability'])}`).toBe(told);
    expect(await watched.call(rejectAction, { actionId })).toMatchObject({ proposal: { status: 'rejected' } });
  });

  test('of something else, or with an exemption of its owner, it is approved', async () => {
    const [first, second] = [await proposed(), await proposed()];
    await watched.given('policy/current', killing('billing'));
    expect(await watched.call(approveAction, { actionId: first })).toMatchObject({ changed: true });
    const { shipping } = killing('shipping').killSwitches;
    const exemptions = { [AGENT]: { 'shipping.commit': { id: 'exm_a', until: after(1) } } };
    await watched.given('policy/current', { ...NORMAL, killSwitches: { shipping: { ...shipping, exemptions } } });
    expect(await watched.call(approveAction, { actionId: second })).toMatchObject({ changed: true });
  });
});

test('where two persons are needed, nobody approves what they proposed, and another one does', async () => {
  const two = await watchedBackend({ twoPersons: true });
  const { id: actionId } = (await two.call(requestAction, PROPOSAL, as('staff'))).proposal;
  expect(await two.refused(approveAction, { actionId })).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'SECOND_PERSON_NEEDED', next: expect.stringContaining('Another staff member') },
  });
  const answer = await two.call(approveAction, { actionId }, as('staff', 'uid-other'));
  expect(answer).toMatchObject({ changed: true, proposal: { decidedBy: 'uid-other' } });
  await two.backend.close();
});
