import { changed } from '../../platform/operations/change';
import { allowedIdentity } from '../../platform/operations/allowed-identity';
import { defineChange } from '../../platform/operations/define-change';
import { delegationAt } from '@muster/guard/delegation';
import { grantedDelegation, toDelegationView } from './delegation';
import { delegationGranted } from './delegation-audit';

/** `delegations-grant`. Reads policy and revocation; writes the delegation and its entry. */
export const grantDelegation = defineChange('delegations-grant', {
  guarded: 'muster.delegations.grant',
  cost: { reads: 2, writes: 2 },
  async decide({ work, identity, roles, ids, now, limits }, input) {
    const byEmail = allowedIdentity(identity, limits.identityDomains) ? (['verified_email'] as const) : [];
    const grantedAs = [...roles, ...byEmail];
    const granted = grantedDelegation(input, { owner: identity.uid, authTime: identity.authTime, now, grantedAs });
    const id = ids('dlg');
    work.create(delegationAt(id), granted);
    return changed({ delegation: toDelegationView(id, granted, 'active') }, delegationGranted(id, granted));
  },
});
