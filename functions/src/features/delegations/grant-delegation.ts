import { changed } from '../../platform/operations/change';
import { allowedIdentity } from '../../platform/operations/allowed-identity';
import { defineChange } from '../../platform/operations/define-change';
import { delegationAt } from '@muster/guard/delegation';
import { grantedDelegation, toDelegationView } from './delegation';
import { refuseReserved } from './reserved-scope';
import { refuseTooManyOf } from './standing-delegations';
import { delegationGranted } from './delegation-audit';

/**
 * `delegations-grant`. Reads policy, revocation, the account's budget, how many stand and, in a reserved scope, whether an
 * experiment of the owner is armed; writes the delegation, the budget and its entry.
 */
export const grantDelegation = defineChange('delegations-grant', {
  guarded: 'muster.delegations.grant',
  cost: { reads: 5, writes: 3 },
  async decide({ work, identity, roles, ids, now, limits }, input) {
    const byEmail = allowedIdentity(identity, limits.identityDomains) ? (['verified_email'] as const) : [];
    const grantedAs = [...roles, ...byEmail];
    const granted = grantedDelegation(input, { owner: identity.uid, authTime: identity.authTime, now, grantedAs });
    await refuseReserved(work, granted);
    await refuseTooManyOf(work, identity.uid, now);
    const id = ids('dlg');
    work.create(delegationAt(id), granted);
    return changed({ delegation: toDelegationView(id, granted, 'active') }, delegationGranted(id, granted));
  },
});
