import { givenAgain, withoutMark } from '../../../test/request-ids';
import { CommitGate } from '../../../test/commit-gate';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, newBackend, refusalOf, START, type Backend } from '../../../test/harness';
import { after, AGENT, agent, granted, inMode, killing, OWNER, PROPOSAL } from '../../../test/proposals';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import { approveProposal, executeProposal, rejectProposal, requestProposal } from '.';
import { killCapability, restoreCapability } from '../policy';

const HELD = 'dlg_held';

describe('an approved proposal', () => {
  let watched: Watched;
  beforeEach(async () => {
    watched = await watchedBackend();
    await watched.given(`muster_delegations/${HELD}`, granted());
  });
  afterEach(() => watched.backend.close());

  const proposed = async (more: object = {}): Promise<string> =>
    (await watched.call(requestProposal, { ...PROPOSAL, ...more }, agent)).proposal.id;
  const approved = async (more: object = {}): Promise<string> => {
    const proposalId = await proposed(more);
    await watched.call(approveProposal, { proposalId, reason: 'looked at' });
    return proposalId;
  };
  const toldTo = async (proposalId: string, who = agent) => {
    const { code, details } = await watched.refused(executeProposal, { proposalId }, who);
    expect(details).toMatchObject({ next: expect.stringMatching(/\.$/u) });
    const state = typeof details['state'] === 'string' ? ` ${details['state']}` : '';
    return `${code} ${details.reason}${state}`;
  };

  test('is executed by who proposed it, and handed back with its input', async () => {
    const proposalId = await approved({ delegation: HELD, input: { branch: 'main' } });
    expect(await watched.call(executeProposal, { proposalId }, agent)).toMatchObject({
      changed: true,
      proposal: {
        id: proposalId,
        status: 'executed',
        input: { branch: 'main' },
        decidedBy: 'uid-staff',
        executedAt: START.toISOString(),
        executedBy: AGENT,
      },
    });
    expect(watched.entry()).toMatchObject({
      action: 'capability.action_executed',
      target: `proposals/${proposalId}`,
      metadata: { status: 'executed', capability: 'shipping.commit', owner: OWNER, delegation: HELD },
    });
    expect(JSON.stringify(watched.entry())).not.toContain('main');
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 6, writes: 3 });
  });

  test('is executed by staff, and to others it is not there', async () => {
    const proposalId = await approved();
    const none = await watched.refused(executeProposal, { proposalId: 'prp_none' }, as('member'));
    expect(none).toMatchObject({ code: 'NOT_FOUND', details: { reason: 'UNKNOWN_PROPOSAL' } });
    for (const who of [as('member'), as('auditor')]) {
      expect(await watched.refused(executeProposal, { proposalId }, who)).toEqual(none);
    }
    expect(await watched.call(executeProposal, { proposalId })).toMatchObject({
      proposal: { executedBy: 'uid-staff' },
    });
  });

  test('is executed once, unless it is the same request again', async () => {
    const proposalId = await approved();
    const request = { proposalId, requestId: 'r:1' };
    const first = await watched.call(executeProposal, request, agent);
    expect(await watched.call(executeProposal, request, agent)).toEqual(givenAgain(first));
    expect(watched.changedSomething()).toBe(false);
    expect(await toldTo(proposalId)).toBe('CONFLICT WRONG_STATE executed');
    expect(await toldTo(proposalId, as('staff'))).toBe('CONFLICT WRONG_STATE executed');
    const other = { proposalId: await approved(), requestId: 'r:1' };
    expect(await watched.refused(executeProposal, other, agent)).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'REQUEST_ID_REUSED' },
    });
  });

  test('is what it must be: not proposed, not rejected, not over', async () => {
    expect(await toldTo(await proposed())).toBe('CONFLICT WRONG_STATE proposed');
    const rejected = await approved();
    await watched.call(rejectProposal, { proposalId: rejected });
    expect(await toldTo(rejected)).toBe('CONFLICT WRONG_STATE rejected');
    const late = await approved();
    watched.backend.clock.now = after(7 * 24);
    expect(await toldTo(late)).toBe('CONFLICT WRONG_STATE expired');
  });

  test.each([
    ['everything is killed', killing('*'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH killed'],
    ['its capability is killed', killing('shipping.commit'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH killed'],
    ['executing is killed', killing('muster.proposals.execute'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH killed'],
    ['the mode is read_only', inMode('read_only'), 'RESTRICTED DEGRADED_MODE read_only'],
    ['the mode is offline', inMode('offline'), 'RESTRICTED DEGRADED_MODE offline'],
    ['the policy is damaged', { version: 7 }, 'UNAVAILABLE POLICY_UNAVAILABLE'],
    ['there is no policy', undefined, 'UNAVAILABLE POLICY_UNAVAILABLE'],
  ])('is not executed when %s, by nobody, and is when that is over', async (_, policy, told) => {
    const proposalId = await approved();
    await watched.given('muster_policy/current', policy);
    for (const who of [agent, as('staff')]) expect(await toldTo(proposalId, who)).toBe(told);
    await watched.given('muster_policy/current', NORMAL);
    expect(await watched.call(executeProposal, { proposalId }, agent)).toMatchObject({ changed: true });
  });

  test.each<[string, object | undefined, string]>([
    ['is revoked', { revokedAt: START, revokedBy: OWNER, revokeReason: 'why' }, 'DELEGATION_REVOKED'],
    ['has ended', { expiresAt: START }, 'DELEGATION_EXPIRED'],
    ['is for another scope by now', { scope: 'repo:acme/api' }, 'SCOPE_MISMATCH'],
    ['is gone', undefined, 'DELEGATION_MISSING'],
  ])('is not executed when its delegation %s, by staff neither', async (_, over, reason) => {
    const proposalId = await approved({ delegation: HELD });
    await watched.given(`muster_delegations/${HELD}`, over && granted(over));
    for (const who of [agent, as('staff')]) expect(await toldTo(proposalId, who)).toBe(`NOT_DELEGATED ${reason}`);
  });

  test('is not executed when the session is over in which its delegation was granted, or its caller’s own', async () => {
    const proposalId = await approved({ delegation: HELD });
    await watched.given(`muster_revocations/${OWNER}`, { validAfter: START, withdrawn: [] });
    expect(await toldTo(proposalId)).toBe('NOT_DELEGATED DELEGATION_REVOKED');
    await watched.given(`muster_revocations/${AGENT}`, { validAfter: START, withdrawn: [] });
    expect(await toldTo(proposalId)).toBe('UNAUTHENTICATED SESSION_REVOKED');
  });

  test('is not executed once the session was ended in which it was proposed, by staff neither', async () => {
    const proposalId = await approved();
    await watched.given(`muster_revocations/${AGENT}`, { validAfter: START, withdrawn: [] });
    expect(await toldTo(proposalId)).toBe('UNAUTHENTICATED SESSION_REVOKED');
    expect(await toldTo(proposalId, as('staff'))).toBe('CONFLICT SESSION_REVOKED');
  });

  test('is not told to be done once more by a repeated request, once it is killed', async () => {
    const request = { proposalId: await approved(), requestId: 'again:1' };
    const first = await watched.call(executeProposal, request, agent);
    expect(await watched.backend.run(executeProposal, request, agent)).toEqual(givenAgain(first));
    const reason = 'the agent ships what nobody asked for';
    for (const capability of ['shipping', 'muster.proposals']) {
      await watched.call(killCapability, { capability, reason });
      expect(await watched.refused(executeProposal, request, agent)).toMatchObject({
        code: 'RESTRICTED',
        details: { reason: 'BLOCKED_BY_KILL_SWITCH' },
      });
      await watched.call(restoreCapability, { capability, reason });
    }
    expect(await watched.backend.run(executeProposal, request, agent)).toEqual(givenAgain(first));
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(
      watched,
      executeProposal,
      { proposalId: 'prp_aaaa' },
      [...NEVER, ['no id', { proposalId: undefined }, 'proposalId'], ['a reason', { reason: 'why' }, 'reason']],
      agent,
    );
  });
});

/** Commits meet at a gate, so that all have decided before the first is let through. */
describe('a race', () => {
  let backend: Backend;
  let gate: CommitGate;
  /** What happens between the next decision and its commit. */
  let meanwhile: (() => Promise<unknown>) | undefined;
  beforeEach(async () => {
    gate = new CommitGate();
    meanwhile = undefined;
    const fetch: typeof gate.fetch = async (input, init) => {
      const happening = meanwhile;
      meanwhile = undefined;
      await happening?.();
      return gate.fetch(input, init);
    };
    backend = await newBackend({ fetch });
    await backend.firestore.doc(`muster_delegations/${HELD}`).set(granted());
  });
  afterEach(() => backend.close());

  const approved = async (): Promise<string> => {
    const { proposal } = await backend.run(requestProposal, { ...PROPOSAL, delegation: HELD }, agent);
    await backend.run(approveProposal, { proposalId: proposal.id });
    return proposal.id;
  };
  const executions = async () =>
    (await backend.auditEntries()).filter(({ action }) => action === 'capability.action_executed');

  test.each([1, 2, 3])(
    'of 20 who execute it at once one does, and 19 are told that it was done (round %i)',
    async () => {
      const proposalId = await approved();
      gate.holdUntil(20);
      const callers = Array.from({ length: 20 }, (_, index) => (index % 2 ? agent : as('staff', `uid-staff-${index}`)));
      const settled = await Promise.allSettled(callers.map((who) => backend.run(executeProposal, { proposalId }, who)));
      const done = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const told = settled.flatMap((one) => {
        if (one.status === 'fulfilled') return [];
        const { code, details } = one.reason as { code: string; details: { reason: string; state: string } };
        return [`${code} ${details.reason} ${details.state}`];
      });
      expect(done.map(({ changed }) => changed)).toEqual([true]);
      expect(told).toEqual(Array.from({ length: 19 }, () => 'CONFLICT WRONG_STATE executed'));
      expect(await executions()).toMatchObject([{ actorId: done[0]?.proposal.executedBy }]);
    },
  );

  test('the same requestId 20 times at once is one execution, said by one of 20 answers that are else equal', async () => {
    const request = { proposalId: await approved(), requestId: 'twenty' };
    gate.holdUntil(20);
    const answers = await Promise.all(Array.from({ length: 20 }, () => backend.run(executeProposal, request, agent)));
    for (const answer of answers) expect(withoutMark(answer)).toEqual(withoutMark(answers[0]));
    expect(answers.filter(({ changed, repeated }) => changed && repeated === undefined)).toHaveLength(1);
    expect(answers.filter(({ changed, repeated }) => !changed && repeated)).toHaveLength(19);
    expect(await executions()).toHaveLength(1);
  });

  test('who executed it as staff, and is no more, is not told again with what', async () => {
    const request = { proposalId: await approved(), requestId: 'as-staff' };
    expect(await backend.run(executeProposal, request, as('staff'))).toMatchObject({ changed: true });
    await backend.firestore.doc('muster_revocations/uid-staff').set({ validAfter: new Date(0), withdrawn: ['staff'] });
    expect(await refusalOf(backend.run(executeProposal, request, as('staff')))).toMatchObject({
      code: 'PERMISSION_DENIED',
      details: { reason: 'ROLE_MISSING' },
    });
  });

  test.each<[string, string, object, string]>([
    ['the kill of its capability', 'muster_policy/current', killing('shipping'), 'BLOCKED_BY_KILL_SWITCH'],
    [
      'the revocation of its delegation',
      `muster_delegations/${HELD}`,
      granted({ revokedAt: START }),
      'DELEGATION_REVOKED',
    ],
    [
      'the end of its owner’s sessions',
      `muster_revocations/${OWNER}`,
      { validAfter: START, withdrawn: [] },
      'DELEGATION_REVOKED',
    ],
    [
      'the end of its caller’s session',
      `muster_revocations/${AGENT}`,
      { validAfter: START, withdrawn: [] },
      'SESSION_REVOKED',
    ],
  ])('%s that is acknowledged before the commit wins', async (_, path, data, reason) => {
    const proposalId = await approved();
    meanwhile = () => backend.firestore.doc(path).set(data);
    const refusal = await refusalOf(backend.run(executeProposal, { proposalId }, agent));
    expect(refusal.details.reason).toBe(reason);
    expect((await backend.firestore.doc(`muster_proposals/${proposalId}`).get()).get('status')).toBe('approved');
    expect(await executions()).toEqual([]);
  });
});

test('in server transactions, of those who execute it at once one does as well', async () => {
  const backend = await newBackend({ protocol: 'transaction' });
  await backend.firestore.doc(`muster_delegations/${HELD}`).set(granted());
  const delegation = { actor: AGENT, owner: OWNER };
  const { id: proposalId } = (await backend.run(requestProposal, { ...PROPOSAL, delegation }, agent)).proposal;
  await backend.run(approveProposal, { proposalId });
  const calls = Array.from({ length: 6 }, () => backend.run(executeProposal, { proposalId }, agent));
  const settled = await Promise.allSettled(calls);
  expect(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.changed] : []))).toEqual([true]);
  await backend.close();
});
