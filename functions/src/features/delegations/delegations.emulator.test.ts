import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { guardedWrite, refusedAtCommit } from '../../../test/guarded-worker';
import { as, HOUR, START } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import type { GuardRequest } from '@muster/guard/decision';
import { NORMAL } from '@muster/guard/policy-document';
import { enterDegraded } from '../policy';
import { grantDelegation, revokeDelegation } from '.';

const DAY = 24 * HOUR;
const at = (ms: number) => new Date(START.getTime() + ms).toISOString();
const [ada, robot, stranger] = [as('member', 'ada'), as('member', 'robot'), as('member', 'stranger')];
const valid = { agent: 'robot', capabilities: ['shipping'], reason: 'ships for me', expiresAt: at(DAY) };

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(async () => {
  watched.backend.clock.now = START;
  await watched.given('muster_policy/current', NORMAL);
  await watched.given('muster_revocations/ada', undefined);
  for (const uid of ['ada', 'robot', 'stranger']) await watched.given(`muster_accountCalls/${uid}`, undefined);
});
afterAll(() => watched.backend.close());

const grant = async (put: object = {}, owner = ada) =>
  (await watched.call(grantDelegation, { ...valid, ...put }, owner)).delegation;
const revoke = (delegationId: string, caller = ada) =>
  watched.call(revokeDelegation, { delegationId, reason: 'it misbehaves' }, caller);
/** The commit of an agent that acts under a delegation. */
const shipping = (delegation: string): GuardRequest => ({
  capability: 'shipping.commit',
  actor: 'robot',
  owner: 'ada',
  delegation,
});

describe('granting a delegation', () => {
  test('lets the agent act for its owner, and leaves an entry that says what', async () => {
    const delegation = await grant({ scope: 'repo:acme/web' });
    expect(delegation).toEqual({
      id: expect.stringMatching(/^dlg_/u),
      owner: 'ada',
      agent: 'robot',
      capabilities: ['shipping'],
      scope: 'repo:acme/web',
      reason: 'ships for me',
      grantedAt: START.toISOString(),
      expiresAt: at(DAY),
      revokedAt: null,
      revokedBy: null,
      state: 'active',
    });
    expect(watched.entry()).toMatchObject({
      action: 'capability.delegation_granted',
      actorType: 'member',
      actorId: 'ada',
      target: `delegations/${delegation.id}`,
      rationale: 'ships for me',
      metadata: {
        owner: 'ada',
        agent: 'robot',
        capabilities: ['shipping'],
        scope: 'repo:acme/web',
        expiresAt: at(DAY),
      },
    });
    const request = { ...shipping(delegation.id), scope: 'repo:acme/web' };
    expect(await guardedWrite(watched.backend, request)).toEqual({ attempts: 1 });
    await watched.settle();
  });

  test('stores the session that it was granted in', async () => {
    const { id } = await grant();
    const stored = await watched.backend.firestore.doc(`muster_delegations/${id}`).get();
    expect(stored.get('sessionAt').toDate()).toEqual(new Date(ada.identity.authTime * 1000));
  });

  test('is forbidden where writes are', async () => {
    await watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm' });
    expect(await watched.refused(grantDelegation, valid, ada)).toMatchObject({
      code: 'RESTRICTED',
      details: { reason: 'DEGRADED_MODE', capability: 'muster.delegations.grant' },
    });
    await watched.given('muster_policy/current', undefined);
    expect(await watched.refused(grantDelegation, valid, ada)).toMatchObject({
      details: { reason: 'POLICY_UNAVAILABLE' },
    });
  });

  test('is refused to whose session was ended', async () => {
    await watched.given('muster_revocations/ada', { validAfter: START, withdrawn: [] });
    expect(await watched.refused(grantDelegation, valid, ada)).toMatchObject({
      details: { reason: 'SESSION_REVOKED' },
    });
  });

  test('is refused to whose record of ended sessions cannot be read, and says so', async () => {
    await watched.given('muster_revocations/ada', { validAfter: 'damaged' });
    expect(await watched.refused(grantDelegation, valid, ada)).toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'POLICY_UNAVAILABLE' },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(
      watched,
      grantDelegation,
      valid,
      [
        ...NEVER,
        ['no agent', { agent: undefined }, 'agent'],
        ['an agent that is a path', { agent: 'a/b' }, 'agent'],
        ['an agent that Firestore reserves', { agent: '__proto__' }, 'agent'],
        ['oneself as the agent', { agent: 'ada' }, 'agent'],
        ['an owner', { owner: 'bob' }, 'owner'],
        ['no capabilities', { capabilities: undefined }, 'capabilities'],
        ['an empty list of them', { capabilities: [] }, 'capabilities'],
        ['21 of them', { capabilities: Array.from({ length: 21 }, (_, index) => `a${index}`) }, 'capabilities'],
        ['everything', { capabilities: ['*'] }, 'capabilities.0'],
        ['one that is no name', { capabilities: ['shipping', 'Ship it'] }, 'capabilities.1'],
        ['one of them twice', { capabilities: ['shipping', 'shipping'] }, 'capabilities.1'],
        ['a scope of 201 characters', { scope: 'x'.repeat(201) }, 'scope'],
        ['no reason', { reason: undefined }, 'reason'],
        ['a reason of spaces', { reason: '   ' }, 'reason'],
        ['no end', { expiresAt: undefined }, 'expiresAt'],
        ['an end that is now', { expiresAt: at(0) }, 'expiresAt'],
        ['an end in 90 days and a millisecond', { expiresAt: at(90 * DAY + 1) }, 'expiresAt'],
      ],
      ada,
    );
  });

  test('is done once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, grantDelegation, {
      one: valid,
      other: { ...valid, agent: 'spider' },
      forAnotherUser: valid,
    });
  });
});

describe('revoking a delegation', () => {
  test('ends it, with an entry that says of whom and why', async () => {
    const before = await grant();
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    const revoked = { ...before, revokedAt: at(HOUR), revokedBy: 'ada', state: 'revoked' };
    expect(await revoke(before.id)).toEqual({ changed: true, delegation: revoked });
    expect(watched.entry()).toMatchObject({
      action: 'capability.delegation_revoked',
      actorId: 'ada',
      target: `delegations/${before.id}`,
      rationale: 'it misbehaves',
      metadata: { owner: 'ada', agent: 'robot', capabilities: ['shipping'], scope: null, expiresAt: at(DAY) },
    });
    // Again is the same as once: who revoked it first, and why, stays.
    watched.backend.clock.now = new Date(START.getTime() + 2 * HOUR);
    expect(await revoke(before.id, as('staff'))).toEqual({ changed: false, delegation: revoked });
    expect(watched.changedSomething()).toBe(false);
  });

  test('is possible for staff, in an emergency, and when it has expired', async () => {
    const [one, other] = [await grant(), await grant({ expiresAt: at(HOUR) })];
    await watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm' });
    expect(await revoke(one.id, as('staff'))).toMatchObject({ changed: true, delegation: { revokedBy: 'uid-staff' } });
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    expect(await revoke(other.id)).toMatchObject({ changed: true, delegation: { state: 'revoked' } });
  });

  test('is refused to its agent and to auditors, who may know of it', async () => {
    const { id } = await grant();
    for (const caller of [robot, as('auditor')]) {
      expect(await watched.refused(revokeDelegation, { delegationId: id, reason: 'mine' }, caller)).toMatchObject({
        code: 'PERMISSION_DENIED',
        details: { reason: 'NOT_YOURS', next: expect.stringContaining('owner') },
      });
    }
  });

  test('tells a stranger nothing: one that is there, one that was revoked and one that is not look the same', async () => {
    const [there, over] = [await grant(), await grant()];
    await revoke(over.id);
    const answers = [];
    for (const delegationId of [there.id, over.id, 'dlg_nosuch']) {
      const { code, details } = await watched.refused(revokeDelegation, { delegationId, reason: 'mine' }, stranger);
      answers.push({ code, details });
    }
    expect(answers[0]).toMatchObject({
      code: 'NOT_FOUND',
      details: {
        reason: 'UNKNOWN_DELEGATION',
        fields: [{ field: 'delegationId' }],
        next: expect.stringContaining('delegations-list'),
      },
    });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, revokeDelegation, { delegationId: 'dlg_nosuch', reason: 'why' }, [
      ...NEVER,
      ['no delegation', { delegationId: undefined }, 'delegationId'],
      ['a path', { delegationId: 'dlg_x/../../audit' }, 'delegationId'],
      ['an id of another kind', { delegationId: 'exm_abcd' }, 'delegationId'],
      ['no reason', { reason: undefined }, 'reason'],
    ]);
  });

  test('is done once for one requestId', async () => {
    const [one, other, another] = [await grant(), await grant(), await grant()];
    await expectRequestIdsAreKept(watched, revokeDelegation, {
      one: { delegationId: one.id, reason: 'why' },
      other: { delegationId: other.id, reason: 'why' },
      forAnotherUser: { delegationId: another.id, reason: 'why' },
    });
  });
});

describe('law 2: once its end is acknowledged, nothing commits under a delegation', () => {
  afterEach(() => watched.settle());

  test('that was revoked after the work had been allowed', async () => {
    const { id } = await grant();
    const refusal = await refusedAtCommit(watched.backend, shipping(id), () => revoke(id));
    expect(refusal).toMatchObject({ code: 'NOT_DELEGATED', details: { reason: 'DELEGATION_REVOKED' } });
  });

  test('whose owner was sent away after the work had been allowed', async () => {
    const { id } = await grant();
    const refusal = await refusedAtCommit(watched.backend, shipping(id), () =>
      watched.given('muster_revocations/ada', { validAfter: START, withdrawn: [] }),
    );
    expect(refusal).toMatchObject({ details: { reason: 'DELEGATION_REVOKED' } });
  });

  test('while the end of another one disturbs nobody', async () => {
    const [one, other] = [await grant(), await grant()];
    expect(await guardedWrite(watched.backend, shipping(one.id), () => revoke(other.id))).toEqual({ attempts: 1 });
  });

  test('and one granted in a later session goes on', async () => {
    await watched.given('muster_revocations/ada', { validAfter: START, withdrawn: [] });
    const again = { ...ada, identity: { ...ada.identity, authTime: START.getTime() / 1000 } };
    const { id } = await grant({}, again);
    expect(await guardedWrite(watched.backend, shipping(id))).toEqual({ attempts: 1 });
  });
});
