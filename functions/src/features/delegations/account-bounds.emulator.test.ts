/** What an account without a role can cause: a budget, a bound on what stands, and nothing where experiments act. */
import { as, HOUR, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { OF_EVERYBODY, OF_ROLES } from '../../platform/operations/account-budget';
import { armExperiment } from '../chaos';
import { grantExemption } from '../exemptions';
import { getPolicy, killCapability } from '../policy';
import { requestProposal } from '../proposals';
import { MOST_WAITING } from '../proposals/waiting-proposals';
import { grantDelegation, revokeDelegation } from '.';
import { MOST_STANDING } from './standing-delegations';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const ada = as('member', 'uid-ada');
const at = (ms: number) => new Date(START.getTime() + ms);
const expiresAt = at(24 * HOUR).toISOString();
const asked = { agent: 'uid-robot', capabilities: ['shipping'], reason: 'ships for me', expiresAt };
const grant = (more: object = {}, who = ada) => watched.call(grantDelegation, { ...asked, ...more }, who);
const refused = (more: object = {}, who = ada) => watched.refused(grantDelegation, { ...asked, ...more }, who);

test('an account changes 30 things a minute, whatever they are, and is told when there is room', async () => {
  const first = await grant({ requestId: 'first' });
  for (let count = 2; count < OF_EVERYBODY.changes; count += 1) await grant();
  await watched.call(requestProposal, { capability: 'shipping.commit', rationale: 'the release is due' }, ada);
  for (const operation of [
    () => refused(),
    () => watched.refused(revokeDelegation, { delegationId: first.delegation.id, reason: 'enough' }, ada),
  ]) {
    expect(await operation()).toMatchObject({
      code: 'RATE_LIMITED',
      details: { reason: 'RATE_LIMITED', tryAgainAt: at(60_000).toISOString() },
    });
  }
  // What was answered before is answered again; others are not held up.
  expect(await grant({ requestId: 'first' })).toMatchObject({ repeated: true });
  await grant({}, as('member', 'uid-bob'));
  watched.backend.clock.now = at(60_000);
  await grant();
});

test('an account reads 120 times a minute in each process', async () => {
  for (let count = 0; count < OF_EVERYBODY.reads; count += 1) await watched.backend.run(getPolicy, {}, ada);
  expect(await watched.refused(getPolicy, {}, ada)).toMatchObject({ code: 'RATE_LIMITED' });
  await watched.call(getPolicy, {}, as('member', 'uid-bob'));
});

test('who holds a role reads 1,200 times a minute: a runner of experiments asks all the time', async () => {
  for (let count = 0; count < OF_ROLES.reads; count += 1) await watched.backend.run(getPolicy, {}, as('staff'));
  expect(await watched.refused(getPolicy, {}, as('staff'))).toMatchObject({ code: 'RATE_LIMITED' });
});

test('100 delegations of one owner stand at once, and those that have ended do not count', async () => {
  for (let count = 0; count < MOST_STANDING; count += 1) {
    watched.backend.clock.now = at(count * 60_000);
    await watched.backend.run(grantDelegation, asked, ada);
  }
  watched.backend.clock.now = at(MOST_STANDING * 60_000);
  await watched.settle();
  expect(await refused()).toMatchObject({ code: 'CONFLICT', details: { reason: 'TOO_MANY' } });
  watched.backend.clock.now = at(25 * HOUR);
  await grant({ expiresAt: at(26 * HOUR).toISOString() });
});

test('50 proposals of one account wait at once', async () => {
  const proposal = { capability: 'shipping.commit', rationale: 'the release is due' };
  for (let count = 0; count < MOST_WAITING; count += 1) {
    watched.backend.clock.now = at(count * 60_000);
    await watched.backend.run(requestProposal, proposal, ada);
  }
  await watched.settle();
  watched.backend.clock.now = at(HOUR);
  expect(await watched.refused(requestProposal, proposal, ada)).toMatchObject({ details: { reason: 'TOO_MANY' } });
});

describe('where experiments and the canary act', () => {
  const RESERVED = { code: 'INVALID_ARGUMENT' };

  test.each<[string, object, string]>([
    ['to its agent', { agent: 'chaos-abcdefghij' }, 'agent'],
    ['in its scope', { capabilities: ['shipping', 'chaos.abcdefghij.write'] }, 'capabilities.1'],
    ['in every scope', { capabilities: ['chaos'] }, 'capabilities.0'],
    ['as the canary', { capabilities: ['canary.write'] }, 'capabilities.0'],
  ])('nobody delegates %s, staff neither', async (_, more, field) => {
    for (const who of [ada, as('staff')]) {
      expect(await refused(more, who)).toMatchObject({ ...RESERVED, details: { fields: [{ field }] } });
    }
  });

  test('but who has armed the experiment, in its own scope alone', async () => {
    const { experiment } = await watched.call(armExperiment, { experiment: 'delegation-race' });
    const own = { agent: `chaos-${experiment.scope}`, capabilities: [`chaos.${experiment.scope}.write`] };
    await grant(own, as('staff'));
    expect(await refused(own, as('staff', 'uid-other'))).toMatchObject(RESERVED);
    expect(await refused({ ...own, capabilities: ['chaos'] }, as('staff'))).toMatchObject(RESERVED);
    expect(await refused({ ...own, agent: 'uid-robot' }, as('staff'))).toMatchObject(RESERVED);
  });

  test('nobody is exempted', async () => {
    await watched.call(killCapability, { capability: 'canary', reason: 'it is tried out' });
    const until = at(HOUR).toISOString();
    const exemption = { owner: 'uid-ada', capability: 'canary.write', justification: 'one more write', until };
    expect(await watched.refused(grantExemption, exemption)).toMatchObject({
      ...RESERVED,
      details: { fields: [{ field: 'capability' }] },
    });
  });
});

test('who tries what they have no role for is counted: caller, operation, minute', async () => {
  for (let count = 0; count < 60; count += 1) {
    await watched.refused(killCapability, { capability: '*', reason: 'it is mine now' }, ada);
  }
  const counts = (await watched.backend.firestore.collection('muster_refusals').get()).docs.map((one) => one.data());
  expect(counts).toMatchObject([{ caller: 'uid-ada', reason: 'ROLE_MISSING', byCapability: { 'policy-kill': 60 } }]);
  const entries = await watched.backend.auditEntries();
  expect(entries.filter(({ action }) => action === 'capability.refused')).toHaveLength(1);
});
