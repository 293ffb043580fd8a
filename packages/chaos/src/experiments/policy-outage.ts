import { chaos } from '@muster/contract';
import { action, atLeast, probe } from '../declaration';
import type { Experiment } from '../experiment';
import { BYSTANDER_ANSWERS, declared, GUARD_LETS, guardedWrite, recovered, scopeFunctions } from '../scope-functions';

const EACH = 3;

/** Unknown means no: whatever is wrong with the policy, the guard refuses; the moment it is right again, it lets through. */
export const policyOutage: Experiment = {
  name: 'policy-outage',
  declaration: declared({
    experiment: 'policy-outage',
    title: 'A policy that cannot be read refuses, and says so',
    description:
      'Guarded writes are made while the policy is missing, damaged, unreachable or of another version, as it seems to these writes alone. Each is refused with POLICY_UNAVAILABLE; each write between them, that sees the policy as it is, passes.',
    tags: ['policy', 'unknown-means-no', 'law-3'],
    steady: {
      title: 'Writes of the scope pass, and so does what is outside of it',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS],
    },
    method: [
      ...chaos.policyFault.options.flatMap((fault) => [
        action(`write while the policy is ${fault.replaceAll('_', ' ')}`, 'write_without_policy', {
          fault,
          times: EACH,
        }),
        probe('a write that sees the policy as it is passes', 'guarded_write_passes', true),
        BYSTANDER_ANSWERS,
      ]),
      probe(
        'writes that were tried without a policy',
        'tried_without_policy',
        atLeast(EACH * chaos.policyFault.options.length),
      ),
      probe('writes that were not refused, or for another reason than POLICY_UNAVAILABLE', 'not_refused', 0),
    ],
    rollbacks: [action('write until it passes', 'write_again')],
  }),
  bind: (run) => {
    const { measured } = run;
    const reasons: (string | null)[] = [];
    return {
      ...scopeFunctions(run),
      async write_without_policy({ fault, times }) {
        const policy = chaos.policyFault.parse(fault);
        measured.failure ??= { from: run.now(), to: null };
        for (let count = 0; count < Number(times); count += 1) {
          const key = run.unique('fault');
          const attempt = await run.attempt('guard', () =>
            run.target.call('chaos-write', { experimentId: run.experiment.id, key, policy }),
          );
          measured.moments.detected ??= attempt.endedAt;
          measured.moments.acknowledged ??= attempt.endedAt;
          measured.moments.contained ??= attempt.endedAt;
          reasons.push(attempt.reason);
          await run.sleep(0);
        }
      },
      tried_without_policy: async () => reasons.length,
      async not_refused() {
        const others = reasons.filter((reason) => reason !== 'POLICY_UNAVAILABLE');
        measured.fallbacks = { due: reasons.length, activated: reasons.length - others.length };
        return { value: others.length, reasons: [...new Set(others)] };
      },
      async write_again() {
        const since = run.now();
        const writes = async () => [await run.attempt('guard', () => guardedWrite(run, run.unique('again')))];
        return { recovered: await recovered(run, since, writes), recoveryMs: measured.recoveryMs };
      },
    };
  },
};
