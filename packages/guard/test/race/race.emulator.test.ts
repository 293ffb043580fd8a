import { getAuth } from 'firebase-admin/auth';
import { grantDelegation, revokeDelegation } from '@muster/functions/features/delegations/index';
import { grantStaff, revokeStaff } from '@muster/functions/features/staff/index';
import { as, newBackend, START, type Backend } from '@muster/functions/test/harness';
import { proofSize } from '@muster/functions/test/proof-size';
import type { WorkerPlan } from './plan';
import { race, workersOf, type Revocation } from './race';

const SIGNED_IN = START.getTime() / 1000 - 3600;
const EACH = 6;
/**
 * Each flip is a race of its own, won or lost by all the workers, and each of the twelve revocations one more. In twelve flips those who
 * check and then write lose about a hundred, and the guard lost 301 when its commits rested on nothing.
 */
const FLIPS = proofSize({ test: 12, whole: 50 });
const ATTEMPTS_PER_FLIP = 101;
const ATTEMPTS = 2 * FLIPS * 100;

let backend: Backend;
beforeAll(async () => {
  backend = await newBackend();
  // The guard of the processes goes by the real time; so do the ends of what is granted here.
  backend.clock.now = new Date();
});
afterAll(() => backend.close());

/** Delegations that are revoked on the way, by the operation that a person would call. */
const delegations = async (): Promise<{ worker: WorkerPlan; revocation: Revocation }[]> =>
  Promise.all(
    Array.from({ length: EACH }, async (_, index) => {
      const [owner, agent] = [`owner-${index}`, `agent-${index}`];
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const granted = { agent, capabilities: ['shipping'], reason: 'for the race', expiresAt };
      const { delegation } = await backend.run(grantDelegation, granted, as('member', owner));
      return {
        worker: { way: 'guarded', actor: agent, owner, delegation: delegation.id },
        revocation: {
          document: `delegations/${delegation.id}`,
          forbids: (effect) => effect.delegation === delegation.id,
          async revoke() {
            const asked = { delegationId: delegation.id, reason: 'for the race' };
            await backend.run(revokeDelegation, asked, as('member', owner));
          },
        },
      };
    }),
  );

/** Sessions that are ended on the way, as an admin would end them. */
const sessions = async (): Promise<{ worker: WorkerPlan; revocation: Revocation }[]> =>
  Promise.all(
    Array.from({ length: EACH }, async (_, index) => {
      const uid = `person-${index}`;
      await getAuth(backend.app).createUser({ uid });
      await backend.run(grantStaff, { uid, role: 'staff', reason: 'for the race' }, as('admin'));
      return {
        worker: { way: 'guarded', actor: uid, authTime: SIGNED_IN },
        revocation: {
          document: `revocations/${uid}`,
          forbids: (effect) => effect.actor === uid,
          async revoke() {
            await backend.run(revokeStaff, { uid, role: 'staff', reason: 'for the race' }, as('admin'));
          },
        },
      };
    }),
  );

test(`of ${ATTEMPTS} guarded writes by 64 workers, none commits that a restriction forbade; of those that check and then write, some do`, async () => {
  const revoked = [...(await delegations()), ...(await sessions())];
  const workers: WorkerPlan[] = [
    ...revoked.map(({ worker }) => worker),
    ...workersOf(64 - revoked.length - 4, (index) => ({ way: 'guarded', actor: `bot-${index}` })),
    ...workersOf(4, (index) => ({ way: 'hung', actor: `slow-${index}` })),
    ...workersOf(16, (index) => ({ way: 'naive', actor: `naive-${index}` })),
  ];
  const processes = [0, 1, 2, 3].map((process) => workers.filter((_, index) => index % 4 === process));

  const result = await race(backend, {
    processes,
    revocations: revoked.map(({ revocation }) => revocation),
    flips: FLIPS,
    attemptsPerFlip: ATTEMPTS_PER_FLIP,
    killOne: true,
  });

  console.log(
    `race: ${result.done} done, ${result.refused} refused; committed ${JSON.stringify(result.committed)}; ` +
      `violations: ${result.violations.guarded.length} guarded, ${result.violations.naive.length} naive`,
  );
  expect(result.done + result.refused).toBeGreaterThan(ATTEMPTS);
  expect(result.committed.guarded).toBeGreaterThan(ATTEMPTS / 10);
  expect(result.violations.guarded).toEqual([]);
  // Or this proves nothing.
  expect(result.violations.naive.length).toBeGreaterThan(0);
});
