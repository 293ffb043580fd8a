import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { MusterError } from '@muster/core/errors';
import { policyAsStored, policyAt } from '@muster/guard/policy-document';
import { readablePolicy } from '../policy/for-others/current-policy';
import { withoutExemption } from './exemption';
import { exemptionRevoked } from './exemption-audit';
import { exemptionAt, toExemptionView } from './exemption-document';

/**
 * `exemptions-revoke`. Never forbidden by policy. Reads revocation, policy and exemption; writes the exemption, its entry
 * and, unless all it was from has ended, the policy.
 */
export const revokeExemption = defineChange('exemptions-revoke', {
  guarded: false,
  cost: { reads: 3, writes: 3 },
  reads: ({ exemptionId }) => [policyAsStored(), exemptionAt(exemptionId)],
  async decide({ work, actor, now }, { exemptionId, reason }) {
    const before = await work.read(exemptionAt(exemptionId));
    if (!before) throw unknownExemption();
    if (before.revokedAt !== null) {
      return unchanged({ changed: false, exemption: toExemptionView(exemptionId, before, now) });
    }
    const revoked = { ...before, revokedAt: now, revokedBy: actor.id, revokeReason: reason };
    work.write(exemptionAt(exemptionId), revoked);
    const policy = readablePolicy(await work.read(policyAsStored()));
    // A policy that is missing or damaged lets nobody pass, and is rebuilt without exemptions.
    const without = policy && withoutExemption(policy, exemptionId);
    if (without) work.write(policyAt(), without);
    return changed(
      { changed: true, exemption: toExemptionView(exemptionId, revoked, now) },
      exemptionRevoked(exemptionId, revoked),
    );
  },
});

const unknownExemption = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no exemption with this id.', {
    reason: 'UNKNOWN_EXEMPTION',
    fields: [{ field: 'exemptionId', problem: 'no exemption has this id' }],
    next: 'List the exemptions (exemptions-list) and copy the id.',
  });
