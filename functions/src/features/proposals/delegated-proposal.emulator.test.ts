/** Proposals for another: the stored delegation decides, what is carried can only deny. */
import { as, newBackend, refusalOf, START } from '../../../test/harness';
import { after, agent, AGENT, carried, granted, OWNER, PROPOSAL, proposing } from '../../../test/proposals';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { requestProposal } from '.';

const HELD = 'dlg_held';
let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
  await watched.given(`muster_delegations/${HELD}`, granted());
});
afterEach(() => watched.backend.close());

const { propose, reasonOf } = proposing(() => watched);

describe('a proposal for another', () => {
  test.each<[string, object]>([
    ['by id', { delegation: HELD }],
    ['by id, with its owner', { delegation: HELD, owner: OWNER }],
    ['carried with its id', { delegation: { ...carried, id: HELD } }],
    ['carried without its id', { delegation: carried }],
    ['carried, with its owner', { delegation: { ...carried, expiresAt: after(1).toISOString() }, owner: OWNER }],
  ])('is taken with the delegation %s', async (_, more) => {
    const { proposal } = await propose(more);
    expect(proposal).toMatchObject({ actor: AGENT, owner: OWNER, delegation: HELD });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 6 + ('id' in more ? 1 : 0), writes: 3 });
  });

  test.each<[string, object, string]>([
    ['no delegation', { owner: OWNER }, 'DELEGATION_MISSING'],
    ['a delegation that there is not', { delegation: 'dlg_none' }, 'DELEGATION_MISSING'],
    ['one that there is not, and an owner', { delegation: 'dlg_none', owner: OWNER }, 'DELEGATION_MISSING'],
    ['one of another owner', { delegation: HELD, owner: 'uid-third' }, 'DELEGATION_ACTOR_MISMATCH'],
    ['an empty object', { delegation: {} }, 'DELEGATION_MISSING'],
    ['one without an actor', { delegation: { owner: OWNER, id: HELD } }, 'DELEGATION_MISSING'],
    ['one without an owner', { delegation: { actor: AGENT, id: HELD } }, 'DELEGATION_MISSING'],
    ['one whose owner is a path', { delegation: { actor: AGENT, owner: '../policy' } }, 'DELEGATION_MISSING'],
    ['one for another actor', { delegation: { actor: 'uid-other', owner: OWNER } }, 'DELEGATION_ACTOR_MISMATCH'],
    ['one of another owner, carried', { delegation: carried, owner: 'uid-third' }, 'DELEGATION_ACTOR_MISMATCH'],
    [
      'one that says it was revoked',
      { delegation: { ...carried, revokedAt: '2026-03-01T00:00:00Z' } },
      'DELEGATION_REVOKED',
    ],
    [
      'one that says it has ended',
      { delegation: { ...carried, expiresAt: '2026-03-01T00:00:00Z' } },
      'DELEGATION_EXPIRED',
    ],
    ['oneself twice, and nothing stored', { delegation: { actor: AGENT, owner: AGENT } }, 'DELEGATION_MISSING'],
    ['another capability', { delegation: HELD, capability: 'billing.charge' }, 'SCOPE_MISMATCH'],
    ['another capability, found', { delegation: carried, capability: 'billing.charge' }, 'SCOPE_MISMATCH'],
  ])('is refused with %s, whatever is stored', async (_, more, reason) => {
    expect(await reasonOf(more)).toBe(`NOT_DELEGATED ${reason}`);
  });

  test('is refused to everyone but the agent', async () => {
    for (const delegation of [HELD, { actor: 'uid-staff', owner: OWNER, id: HELD }]) {
      expect(await reasonOf({ delegation }, as('staff'))).toBe('NOT_DELEGATED DELEGATION_ACTOR_MISMATCH');
    }
  });

  test.each<[string, object, string]>([
    ['was revoked', { revokedAt: after(-0.5), revokedBy: OWNER, revokeReason: 'why' }, 'DELEGATION_REVOKED'],
    ['ends now', { expiresAt: START }, 'DELEGATION_EXPIRED'],
    ['is for another scope', { scope: 'repo:acme/api' }, 'SCOPE_MISMATCH'],
  ])('is refused when the stored one %s, though what is carried says otherwise', async (_, over, reason) => {
    await watched.given(`muster_delegations/${HELD}`, granted(over));
    const says = { ...carried, revokedAt: null, expiresAt: after(99).toISOString(), scope: null };
    for (const delegation of [HELD, { ...says, id: HELD }, says]) {
      expect(await reasonOf({ delegation, scope: 'repo:acme/web' })).toBe(`NOT_DELEGATED ${reason}`);
    }
  });

  test('is refused when the owner ended the sessions in which it was granted', async () => {
    await watched.given(`muster_revocations/${OWNER}`, { validAfter: after(-1.5), withdrawn: [] });
    for (const delegation of [HELD, carried]) {
      expect(await reasonOf({ delegation })).toBe('NOT_DELEGATED DELEGATION_REVOKED');
    }
  });

  test('finds the newest that holds among those that do not', async () => {
    await watched.given('muster_delegations/dlg_newer', granted({ grantedAt: after(-0.2), revokedAt: after(-0.1) }));
    await watched.given(
      'muster_delegations/dlg_newest',
      granted({ grantedAt: after(-0.1), capabilities: ['billing'] }),
    );
    await watched.given('muster_delegations/dlg_damaged', { agent: AGENT, owner: OWNER, grantedAt: START });
    expect((await propose({ delegation: carried })).proposal.delegation).toBe(HELD);
  });

  test('tells the reason of the newest when none holds', async () => {
    await watched.given(`muster_delegations/${HELD}`, granted({ expiresAt: START }));
    await watched.given('muster_delegations/dlg_newer', granted({ grantedAt: after(-0.2), revokedAt: after(-0.1) }));
    expect(await reasonOf({ delegation: carried })).toBe('NOT_DELEGATED DELEGATION_REVOKED');
  });

  test('for oneself is held to a delegation of oneself, when one is carried', async () => {
    await watched.given('muster_delegations/dlg_self', granted({ owner: AGENT }));
    const { proposal } = await propose({ delegation: { actor: AGENT, owner: AGENT } });
    expect(proposal).toMatchObject({ owner: AGENT, delegation: 'dlg_self' });
  });

  test('is refused when the delegation is revoked between its reading and the commit', async () => {
    const revoked = granted({ revokedAt: START, revokedBy: OWNER, revokeReason: 'why' });
    const racing = await newBackend({
      around: (protocol) => ({
        ...protocol,
        within: (use) =>
          protocol.within(async (source) => {
            const used = await use(source);
            await racing.firestore.doc(`muster_delegations/${HELD}`).set(revoked);
            return used;
          }),
      }),
    });
    for (const delegation of [HELD, carried]) {
      await racing.firestore.doc(`muster_delegations/${HELD}`).set(granted());
      const refusal = await refusalOf(racing.run(requestProposal, { ...PROPOSAL, delegation }, agent));
      expect(refusal.details.reason).toBe('DELEGATION_REVOKED');
    }
    expect((await racing.firestore.collection('muster_proposals').get()).empty).toBe(true);
    await racing.close();
  });
});
