/** Law 2 for a product: whatever ends while its work takes its time, has ended when the work is committed. */
import { grantDelegation, revokeDelegation } from '@muster/functions/features/delegations/index';
import { enterDegraded, killCapability } from '@muster/functions/features/policy/index';
import { grantExemption, revokeExemption } from '@muster/functions/features/exemptions/index';
import { as, HOUR, newBackend, refusalOf, START, type Backend } from '@muster/functions/test/harness';
import type { ProductRequest } from '../src/guard-request';
import { asking, barrier, guardIn, SIGNED_IN, type GuardUnderTest } from './guard-harness';

const because = 'automation is misbehaving';
const OWNER = as('member', 'uid-owner');
const inOneHour = new Date(START.getTime() + HOUR).toISOString();

describe.each(['before the work', 'in the middle of the work', 'at the commit'] as const)('hung %s', (where) => {
  let backend: Backend;
  let under: GuardUnderTest;
  let reached: () => void;
  let released: Promise<void>;
  beforeEach(async () => {
    backend = await newBackend();
    let first = true;
    const hang = async (here: string): Promise<void> => {
      if (here !== where || !first) return;
      first = false;
      reached();
      await released;
    };
    under = guardIn(backend, {
      around: (protocol) => ({
        source: protocol.source,
        within: (use) =>
          protocol.within(async (source) => {
            const used = await use(source);
            await hang('at the commit');
            return used;
          }),
      }),
    });
    hangs = hang;
  });
  afterEach(() => backend.close());
  let hangs: (here: string) => Promise<void>;

  /** Runs guarded work, does `meanwhile` while it hangs, lets it go on, and returns why it was refused. */
  const refusedAfter = async (request: ProductRequest, meanwhile: () => Promise<unknown>): Promise<string> => {
    const [hanging, release] = [barrier(), barrier()];
    [reached, released] = [hanging.open, release.reached];
    const pending = under.guard.run(request, async (work) => {
      await hangs('before the work');
      const seen = await work.get('orders/one');
      await hangs('in the middle of the work');
      work.set('orders/one', { ...seen, shipped: true });
    });
    const outcome = refusalOf(pending);
    await hanging.reached;
    // Acknowledged while the work hangs: it holds nothing.
    await meanwhile();
    release.open();
    const refusal = await outcome;
    expect((await backend.firestore.doc('orders/one').get()).exists).toBe(false);
    return refusal.details.reason;
  };
  /** As if the work had hung for an hour. Work that was decided an hour ago is not decided now. */
  const anHourLater = async (): Promise<void> => {
    backend.clock.now = new Date(START.getTime() + HOUR);
  };
  const granted = async (): Promise<string> => {
    const asked = { agent: 'uid-agent', capabilities: ['shipping'], reason: because, expiresAt: inOneHour };
    return (await backend.run(grantDelegation, asked, OWNER)).delegation.id;
  };

  test('a kill of it, of a beginning of it, or of everything', async () => {
    const reason = await refusedAfter(asking('shipping.push'), () =>
      backend.run(killCapability, { capability: 'shipping', reason: because }),
    );
    expect(reason).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('a mode that forbids it', async () => {
    const reason = await refusedAfter(asking('shipping.push'), () =>
      backend.run(enterDegraded, { mode: 'offline', reason: because }),
    );
    expect(reason).toBe('DEGRADED_MODE');
  });

  test('the end of the session', async () => {
    const revoke = () =>
      backend.firestore.doc('muster_revocations/uid-agent').set({ validAfter: START, withdrawn: [] });
    expect(await refusedAfter(asking('shipping.push', { authTime: SIGNED_IN }), revoke)).toBe('SESSION_REVOKED');
  });

  test('the revocation of the delegation', async () => {
    const delegation = await granted();
    const revoke = () => backend.run(revokeDelegation, { delegationId: delegation, reason: because }, OWNER);
    const request = asking('shipping.push', { owner: 'uid-owner', delegation });
    expect(await refusedAfter(request, revoke)).toBe('DELEGATION_REVOKED');
  });

  test('the end of the session of the owner who granted it', async () => {
    const delegation = await granted();
    const revoke = () =>
      backend.firestore.doc('muster_revocations/uid-owner').set({ validAfter: START, withdrawn: [] });
    const request = asking('shipping.push', { owner: 'uid-owner', delegation });
    expect(await refusedAfter(request, revoke)).toBe('DELEGATION_REVOKED');
  });

  test('the revocation of the exemption', async () => {
    await backend.run(killCapability, { capability: 'shipping', reason: because });
    const { exemption } = await backend.run(grantExemption, {
      owner: 'uid-agent',
      capability: 'shipping.push',
      justification: because,
      until: inOneHour,
    });
    const revoke = () => backend.run(revokeExemption, { exemptionId: exemption.id, reason: because });
    expect(await refusedAfter(asking('shipping.push'), revoke)).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  // What ends by the clock alone is seen when the work is over; in the commit itself nothing is decided any more.
  if (where === 'at the commit') return;

  test('a delegation that expires meanwhile', async () => {
    const request = asking('shipping.push', { owner: 'uid-owner', delegation: await granted() });
    expect(await refusedAfter(request, anHourLater)).toBe('DELEGATION_EXPIRED');
  });

  test('an exemption that expires meanwhile', async () => {
    await backend.run(killCapability, { capability: 'shipping', reason: because });
    const exempted = { owner: 'uid-agent', capability: 'shipping.push', justification: because, until: inOneHour };
    await backend.run(grantExemption, exempted);
    expect(await refusedAfter(asking('shipping.push'), anHourLater)).toBe('BLOCKED_BY_KILL_SWITCH');
  });
});
