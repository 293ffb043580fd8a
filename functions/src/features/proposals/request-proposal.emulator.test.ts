import { givenAgain } from '../../../test/request-ids';
import { createHash } from 'node:crypto';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, START } from '../../../test/harness';
import { after, agent, AGENT, carried, inMode, killing, PROPOSAL, proposing } from '../../../test/proposals';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import { requestProposal } from '.';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const { propose, reasonOf } = proposing(() => watched);

describe('a proposal for oneself', () => {
  test('is stored with all that was said, for seven days', async () => {
    const input = { files: ['a', ['b', { c: [null, 1.5, true] }]], '': '', 'a.b': { __x__: 'ä' } };
    const { proposal } = await propose({ input, scope: 'repo:acme/web' });
    expect(proposal).toEqual({
      id: expect.stringMatching(/^prp_/u),
      ...PROPOSAL,
      class: 'connector_write',
      actor: AGENT,
      owner: AGENT,
      ...{ proposedBy: AGENT, ownerLabel: null, previewSummary: null, expectedEffects: [], output: null },
      delegation: null,
      scope: 'repo:acme/web',
      input,
      status: 'proposed',
      requestedAt: START.toISOString(),
      expiresAt: after(7 * 24).toISOString(),
      decidedAt: null,
      decidedBy: null,
      decisionReason: null,
      executedAt: null,
      executedBy: null,
    });
    const stored = await watched.backend.firestore.doc(`muster_proposals/${proposal.id}`).get();
    expect(stored.get('rationale')).toBe(PROPOSAL.rationale);
  });

  test('leaves an entry that tells of its input no more than size and hash', async () => {
    const { proposal } = await propose({ input: { note: 'ä xyzz' } });
    const json = '{"note":"ä xyzz"}';
    expect(watched.entry()).toMatchObject({
      action: 'capability.action_requested',
      actorType: 'member',
      target: `proposals/${proposal.id}`,
      rationale: PROPOSAL.rationale,
    });
    expect(watched.entry().metadata).toEqual({
      status: 'proposed',
      capability: 'shipping.commit',
      actor: AGENT,
      owner: AGENT,
      proposedBy: AGENT,
      delegation: null,
      scope: null,
      inputBytes: 18,
      inputSha256: createHash('sha256').update(json).digest('hex'),
    });
    expect(JSON.stringify(watched.entry())).not.toContain('xyzz');
  });

  test("costs policy, session and its account's budget read, how many wait counted, and three documents written", async () => {
    await propose({ owner: AGENT });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 4, writes: 3 });
  });
});

describe('a proposal under a restriction', () => {
  test.each([
    ['everything is killed', killing('*'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['its capability is killed', killing('shipping.commit'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['what is above it is killed', killing('shipping'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['proposing is killed', killing('muster.proposals'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['proposing is killed by its former name', killing('muster.actions.request'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['what was above that is killed', killing('muster.actions'), 'RESTRICTED BLOCKED_BY_KILL_SWITCH'],
    ['the mode is read_only', inMode('read_only'), 'RESTRICTED DEGRADED_MODE'],
    ['the mode is offline', inMode('offline'), 'RESTRICTED DEGRADED_MODE'],
    ['the policy is damaged', { version: 7 }, 'UNAVAILABLE POLICY_UNAVAILABLE'],
    ['there is no policy', undefined, 'UNAVAILABLE POLICY_UNAVAILABLE'],
  ])('is refused when %s', async (_, policy, told) => {
    await watched.given('muster_policy/current', policy);
    expect(await reasonOf({})).toBe(told);
  });

  test.each([
    ['approving is killed by its former name', killing('muster.actions.approve'), 'shipping.commit'],
    ['another capability is killed', killing('shipping.push', 'billing'), 'shipping.commit'],
    ['it would only read', killing('connector'), 'connector.github.read'],
    ['it only writes here, and connectors are offline', inMode('offline'), 'firestore.write'],
  ])('is taken when %s', async (_, policy, capability) => {
    await watched.given('muster_policy/current', policy);
    expect((await propose({ capability })).proposal).toMatchObject({ capability, status: 'proposed' });
  });

  test('counts the refusal to whom it was told, under the capability and the activation', async () => {
    await watched.given('muster_policy/current', killing('shipping'));
    await reasonOf({});
    const [count] = (await watched.backend.firestore.collection('muster_refusals').get()).docs;
    expect(count?.data()).toMatchObject({ caller: AGENT, byCapability: { 'shipping.commit': 1 } });
    const denied = await watched.backend.firestore.doc('muster_denials/act_test').get();
    expect(denied.get('total')).toBe(1);
  });

  test('names what its delegation lacks before what killed it, also when proposing itself is killed', async () => {
    await watched.given('muster_policy/current', killing('*'));
    expect(await reasonOf({ delegation: {} })).toBe('NOT_DELEGATED DELEGATION_MISSING');
    expect(await reasonOf({ delegation: 'dlg_none' })).toBe('NOT_DELEGATED DELEGATION_MISSING');
    expect(await reasonOf({ agent: 'uid-robot' })).toBe('NOT_DELEGATED ROLE_MISSING');
    expect(await reasonOf({})).toBe('RESTRICTED BLOCKED_BY_KILL_SWITCH');
    await watched.given('muster_policy/current', NORMAL);
    expect(await reasonOf({ delegation: {} })).toBe('NOT_DELEGATED DELEGATION_MISSING');
  });
});

test('each field that is wrong is named', async () => {
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => [inner], 1);
  const proto = JSON.parse('{"a":{"__proto__":{"polluted":true}}}') as object;
  await expectBadInputIsNamed(
    watched,
    requestProposal,
    PROPOSAL,
    [
      ...NEVER,
      ['no capability', { capability: undefined }, 'capability'],
      ['everything', { capability: '*' }, 'capability'],
      ['five words', { capability: 'a.b.c.d.e' }, 'capability'],
      ['no rationale', { rationale: undefined }, 'rationale'],
      ['a rationale of nine characters', { rationale: 'x'.repeat(9) }, 'rationale'],
      ['an input that is a list', { input: [] }, 'input'],
      ['an input of more than 8 KiB', { input: { a: 'x'.repeat(8 * 1024) } }, 'input'],
      ['an input that is too deep', { input: { a: nested(20) } }, 'input'],
      ['an input without a bottom', { input: { a: nested(50_000) } }, 'input'],
      ['an infinite number', { input: { a: Number.POSITIVE_INFINITY } }, 'input'],
      ['a key __proto__', { input: proto }, 'input'],
      ['a key __proto__ at the top', { input: JSON.parse('{"__proto__":1}') }, 'input'],
      ['an owner that is a path', { owner: 'a/b' }, 'owner'],
      ['an empty scope', { scope: ' ' }, 'scope'],
      ['a delegation of another kind', { delegation: 'drl_aaaa' }, 'delegation'],
      ['a delegation that is a path', { delegation: 'dlg_a/b' }, 'delegation'],
      ['a carried end that is no time', { delegation: { ...carried, expiresAt: 'tomorrow' } }, 'delegation'],
    ],
    agent,
  );
  expect((await propose({ input: { a: nested(19) } })).proposal.input).toEqual({ a: nested(19) });
});

test('it is done once for one requestId, and a requestId is its caller’s own', async () => {
  const request = { requestId: 'r:1' };
  const first = await propose(request);
  expect(await propose(request)).toEqual(givenAgain(first));
  expect(watched.changedSomething()).toBe(false);
  const other = { ...PROPOSAL, capability: 'shipping.push', ...request };
  expect(await watched.refused(requestProposal, other, agent)).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'REQUEST_ID_REUSED' },
  });
  expect((await propose(request, as('staff'))).proposal.id).not.toBe(first.proposal.id);
});
