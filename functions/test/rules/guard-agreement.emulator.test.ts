/** The guard in code and the guard in rules read the same policy: whatever stands in it, they must answer alike. */
import { setLogLevel } from 'firebase/firestore';
import { decideOnPolicy } from '@muster/guard/decision';
import { proofSize } from '../proof-size';
import { generatedCases } from './generated-policies';
import { hostRules, type HostRules } from './host-rules';

/** Named when a test fails; another one tries others. */
const SEED = 20_261_122;
/** As many as found each of these left out of the decision: mode, its end, switches, `*`, beginnings, connectors, exemptions, version. */
const POLICIES = proofSize({ test: 150, whole: 250 });

let host: HostRules;

beforeAll(async () => {
  setLogLevel('silent');
  host = await hostRules();
});
afterAll(() => host.close());

test(`${POLICIES} policies, 4 requests under each (seed ${SEED})`, async () => {
  const now = new Date();
  const counted: Record<string, number> = {};
  for (const { policy, requests } of generatedCases(SEED, POLICIES, now)) {
    await host.setPolicy(policy);
    await Promise.all(
      requests.map(async ({ actor, capability }) => {
        const kind = capability.startsWith('connector.') ? 'connector_write' : 'write';
        const decision = decideOnPolicy({ capability, actor: actor ?? '' }, kind, policy, now);
        const through = await host.creates(actor, capability);
        expect({ policy, actor, capability, allowed: through }).toEqual({
          policy,
          actor,
          capability,
          allowed: decision.allowed,
        });
        const outcome = decision.allowed ? 'allowed' : decision.reason;
        counted[outcome] = (counted[outcome] ?? 0) + 1;
      }),
    );
  }
  // Chance must have tried each answer often, or agreement says little.
  for (const outcome of ['allowed', 'BLOCKED_BY_KILL_SWITCH', 'DEGRADED_MODE', 'POLICY_UNAVAILABLE']) {
    expect([outcome, (counted[outcome] ?? 0) > POLICIES / 5]).toEqual([outcome, true]);
  }
});
