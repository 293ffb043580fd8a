import type { Role } from '@muster/contract/staff';
import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { delegationAt, type Delegation } from '@muster/guard/delegation';
import { MusterError } from '@muster/core/errors';
import { delegationRevoked } from './delegation-audit';
import { revokedDelegation, toDelegationView } from './delegation';

/**
 * `delegations-revoke`. Never forbidden by policy: it takes power away. Reads revocation and delegation; writes the
 * delegation, on whose version everything that is done under it rests, and its entry.
 */
export const revokeDelegation = defineChange('delegations-revoke', {
  guarded: false,
  cost: { reads: 3, writes: 3 },
  reads: ({ delegationId }) => [delegationAt(delegationId)],
  async decide({ work, identity, roles, now }, { delegationId, reason }) {
    const before = await work.read(delegationAt(delegationId));
    if (!before || !mayKnowOf(before, identity.uid, roles)) throw unknownDelegation();
    if (before.owner !== identity.uid && !roles.includes('staff')) throw notYours();
    if (before.revokedAt !== null) {
      return unchanged({ changed: false, delegation: toDelegationView(delegationId, before, 'revoked') });
    }
    const after = revokedDelegation(before, { by: identity.uid, reason, at: now });
    work.write(delegationAt(delegationId), after);
    return changed(
      { changed: true, delegation: toDelegationView(delegationId, after, 'revoked') },
      delegationRevoked(delegationId, after),
    );
  },
});

/** Those who would find it in `delegations-list`; to everyone else it is as if it were not there. */
const mayKnowOf = ({ owner, agent }: Delegation, uid: string, roles: readonly Role[]): boolean =>
  owner === uid || agent === uid || roles.includes('staff') || roles.includes('auditor');

const unknownDelegation = (): MusterError =>
  new MusterError('NOT_FOUND', 'You know of no delegation with this id.', {
    reason: 'UNKNOWN_DELEGATION',
    fields: [{ field: 'delegationId', problem: 'no delegation that you granted or were granted has this id' }],
    next: 'List your delegations (delegations-list) and copy the id.',
  });

const notYours = (): MusterError =>
  new MusterError('PERMISSION_DENIED', 'Somebody else granted this delegation. Nothing was changed.', {
    reason: 'NOT_YOURS',
    next: 'Ask its owner, or staff, to revoke it.',
  });
