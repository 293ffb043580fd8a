import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { MusterError } from '@muster/core/errors';
import { policyAsStored, policyAt, restrictionsOf } from '@muster/guard/policy-document';
import { currentPolicy } from '../policy/for-others/current-policy';
import { exemptUntil, withExemption } from './exemption';
import { exemptionGranted } from './exemption-audit';
import { exemptionAt, toExemptionView, type ExemptionDocument } from './exemption-document';
import { needsSecondPerson } from '../policy/for-others/second-person';

/**
 * `exemptions-grant`. Never forbidden by policy: it is how staff lets one thing through. Reads revocation and policy;
 * writes policy, exemption and entry. The exemption is from what restricts the capability now, and from nothing later.
 */
export const grantExemption = defineChange('exemptions-grant', {
  guarded: false,
  cost: { reads: 2, writes: 3 },
  reads: () => [policyAsStored()],
  async decide({ work, actor, ids, now, limits }, { owner, capability, justification, ...input }) {
    const until = exemptUntil(input.until, now);
    if (limits.twoPersons && owner === actor.id) {
      throw needsSecondPerson('Nobody grants themselves an exemption.', 'Ask another staff member to grant it.');
    }
    const { policy, rebuilt } = await currentPolicy(work);
    const all = restrictionsOf(policy, { name: capability, class: classIn(CAPABILITY_CATALOG, capability) }, now);
    if (all.length === 0) throw nothingRestricted(capability);
    const restrictions = all.filter(({ kind }) => kind !== 'connector_offline');
    if (restrictions.length === 0) throw nobodyIsExempt(capability);

    const id = ids('exm');
    const granted: ExemptionDocument = {
      owner,
      capability,
      justification,
      grantedBy: actor.id,
      grantedAt: now,
      until,
      from: restrictions.map(({ activation, name }) => ({ activation, name })),
      revokedAt: null,
      revokedBy: null,
      revokeReason: null,
    };
    work.write(policyAt(), withExemption(policy, restrictions, { id, owner, capability, until }, now));
    work.create(exemptionAt(id), granted);
    return changed({ exemption: toExemptionView(id, granted, now) }, exemptionGranted(id, granted, rebuilt));
  },
});

/** What is out cannot be written to, whoever asks. */
const nobodyIsExempt = (capability: string): MusterError =>
  new MusterError('CONFLICT', `${capability} waits for a connector that is out; no exemption brings it back.`, {
    reason: 'NOTHING_RESTRICTED',
    capability,
    next: 'Queue what is to be written (connectors-send), and see GET /api/connectors/health.',
  });

const nothingRestricted = (capability: string): MusterError =>
  new MusterError(
    'CONFLICT',
    `Nothing restricts ${capability} now, and an exemption is from what stands, not from what may come. Nothing was changed.`,
    {
      reason: 'NOTHING_RESTRICTED',
      capability,
      next: 'Grant it once something does (policy-get tells what is restricted).',
    },
  );
