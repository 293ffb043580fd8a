/** One person with several accounts: what they grant serves none of them, on whatever way, and nobody approves what rests on them. */
import { as, START, HOUR } from '../../../test/harness';
import { inMode, PROPOSAL } from '../../../test/proposals';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { Identity } from '../../platform/operations/actor';
import type { Call } from '../../platform/operations/operation';
import { grantDelegation } from '../delegations';
import { grantExemption } from '../exemptions';
import { killCapability } from '../policy';
import { approveProposal, executeProposal, requestProposal } from '.';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend({ twoPersons: true });
});
afterEach(() => watched.backend.close());

const one = as('staff', 'uid-one');
const two = as('staff', 'uid-two');
const three = as('staff', 'uid-three');
const withIdentity = (uid: string, over: Partial<Identity>): Call => {
  const call = as('member', uid);
  return { ...call, identity: { ...call.identity, ...over } };
};
const puppet = as('member', 'uid-puppet');
const agent = as('member', 'uid-agent');

const until = new Date(START.getTime() + HOUR).toISOString();
const kill = () => watched.call(killCapability, { capability: 'shipping', reason: 'it ships by itself' });
const exempt = async (owner: string) => {
  const asked = { owner, capability: 'shipping.commit', justification: 'the fix itself', until };
  await watched.call(grantExemption, asked, one);
  await watched.call(grantExemption, asked, two);
};
const delegate = async (owner: Call, to: string): Promise<string> => {
  const input = { agent: to, capabilities: ['shipping'], reason: 'for me', expiresAt: until };
  return (await watched.call(grantDelegation, input, owner)).delegation.id;
};
const told = async (pending: Promise<{ code: string; details: { reason: string } }>) => {
  const { code, details } = await pending;
  return `${code} ${details.reason}`;
};
const proposed = async (more: object = {}, who: Call = puppet) =>
  (await watched.call(requestProposal, { ...PROPOSAL, ...more }, who)).proposal.id;

describe('an exemption', () => {
  beforeEach(async () => {
    await kill();
    await exempt('uid-puppet');
  });

  test('serves its owner, and neither of the two who granted it, under a delegation of its owner', async () => {
    await proposed();
    for (const granter of [one, two]) {
      const delegation = await delegate(puppet, granter.identity.uid);
      expect(await told(watched.refused(requestProposal, { ...PROPOSAL, delegation }, granter))).toBe(
        'RESTRICTED BLOCKED_BY_KILL_SWITCH',
      );
    }
    const delegation = await delegate(puppet, 'uid-three');
    await proposed({ delegation }, three);
  });

  test('serves neither who granted it as the one who asks for an agent', async () => {
    const delegation = await delegate(puppet, 'uid-agent');
    const asked = { ...PROPOSAL, agent: 'uid-agent', delegation };
    expect(await told(watched.refused(requestProposal, asked, one))).toBe('RESTRICTED BLOCKED_BY_KILL_SWITCH');
    await watched.call(requestProposal, asked, three);
    await proposed({ delegation }, agent);
  });

  test('is kept in what was proposed under it: whoever granted it does not approve that', async () => {
    const proposalId = await proposed();
    for (const granter of [one, two]) {
      expect(await told(watched.refused(approveProposal, { proposalId }, granter))).toBe(
        'CONFLICT SECOND_PERSON_NEEDED',
      );
    }
    expect(await watched.call(approveProposal, { proposalId }, three)).toMatchObject({ changed: true });
    expect(await watched.call(executeProposal, { proposalId }, puppet)).toMatchObject({ changed: true });
  });
});

test('an exemption that was granted after the proposal keeps its granters from approving it, too', async () => {
  const proposalId = await proposed();
  await kill();
  expect(await told(watched.refused(approveProposal, { proposalId }, one))).toBe('RESTRICTED BLOCKED_BY_KILL_SWITCH');
  await exempt('uid-puppet');
  expect(await told(watched.refused(approveProposal, { proposalId }, one))).toBe('CONFLICT SECOND_PERSON_NEEDED');
  expect(await watched.call(approveProposal, { proposalId }, three)).toMatchObject({ changed: true });
});

test('whoever proposed for an agent does not approve it, nor does its owner', async () => {
  const delegation = await delegate(two, 'uid-agent');
  const proposalId = await proposed({ agent: 'uid-agent', delegation }, one);
  expect(watched.entry()).toMatchObject({
    actorId: 'uid-one',
    metadata: { actor: 'uid-agent', owner: 'uid-two', proposedBy: 'uid-one' },
  });
  for (const party of [one, two]) {
    expect(await told(watched.refused(approveProposal, { proposalId }, party))).toBe('CONFLICT SECOND_PERSON_NEEDED');
  }
  expect(await watched.call(approveProposal, { proposalId }, three)).toMatchObject({ changed: true });
});

describe('a proposal rests on somebody who answers for it', () => {
  const NOBODY = 'NOT_DELEGATED IDENTITY_NOT_ALLOWED';
  const ask = (who: Call, more: object = {}) => told(watched.refused(requestProposal, { ...PROPOSAL, ...more }, who));
  const anonymous = { anonymous: true, verifiedDomain: undefined };

  test.each<[string, Partial<Identity>]>([
    ['anonymous', anonymous],
    ['anonymous, and says a domain', { anonymous: true, verifiedDomain: 'example.com' }],
    ['without a verified address', { verifiedDomain: undefined }],
    ['of another domain', { verifiedDomain: 'evil-example.com' }],
    ['of a domain below', { verifiedDomain: 'sub.example.com' }],
  ])('never an account that is %s', async (_, over) => {
    expect(await ask(withIdentity('uid-nobody', over))).toBe(NOBODY);
    const granter = withIdentity('uid-nobody', over);
    expect(await ask(agent, { delegation: await delegate(granter, 'uid-agent') })).toBe(NOBODY);
  });

  test('an agent needs neither, under a delegation of somebody who has either', async () => {
    const robot = withIdentity('uid-agent', anonymous);
    expect(await ask(robot)).toBe(NOBODY);
    const noAddress = { ...one, identity: { ...one.identity, verifiedDomain: undefined } };
    for (const owner of [noAddress, puppet]) {
      const delegation = await delegate(owner, 'uid-agent');
      const proposalId = await proposed({ delegation }, robot);
      await watched.call(approveProposal, { proposalId }, three);
      expect(await watched.call(executeProposal, { proposalId }, robot)).toMatchObject({ changed: true });
    }
  });

  test('and not on somebody who has lost since what they could it by', async () => {
    const noAddress = { ...one, identity: { ...one.identity, verifiedDomain: undefined } };
    const delegation = await delegate(noAddress, 'uid-agent');
    const proposalId = await proposed({ delegation }, agent);
    await watched.call(approveProposal, { proposalId }, three);
    // The session in which it was granted stands; the role does not.
    await watched.given('muster_revocations/uid-one', {
      validAfter: new Date(0),
      withdrawn: ['staff', 'auditor', 'admin', 'recorder'],
    });
    expect(await ask(agent, { delegation })).toBe(NOBODY);
    expect(await told(watched.refused(executeProposal, { proposalId }, agent))).toBe(NOBODY);
  });
});

test('only staff proposes for an agent; what is restricted is told last', async () => {
  const asked = { ...PROPOSAL, agent: 'uid-agent' };
  expect(await told(watched.refused(requestProposal, asked, puppet))).toBe('NOT_DELEGATED ROLE_MISSING');
  await watched.given('muster_policy/current', inMode('read_only'));
  expect(await told(watched.refused(requestProposal, asked, puppet))).toBe('NOT_DELEGATED ROLE_MISSING');
  expect(await told(watched.refused(requestProposal, asked, one))).toBe('RESTRICTED DEGRADED_MODE');
});
