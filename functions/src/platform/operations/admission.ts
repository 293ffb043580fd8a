/** The one check of who calls: what their token claims, and what is stored of their sessions and roles. */
import type { Caller, OperationContract } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import type { Work } from '@muster/core/storage/work';
import { hasEnded, isWithdrawn, revocationAt, sessionRevoked } from '@muster/guard/revocation';
import { claimedRoles, effectiveRoles, mayCall, refuseOthers, type Identity } from './actor';
import type { Limits } from './adapters';
import type { Call } from './operation';

/** By the token alone, which costs no read: who lacks the role here has it nowhere. */
export const admitByToken = (identity: Identity, who: Caller): void => refuseOthers(claimedRoles(identity), who);

export const isAdmittedByToken = (identity: Identity, who: Caller): boolean => mayCall(claimedRoles(identity), who);

/**
 * Refuses whom Firebase Auth refuses, whose session was ended, or whose role was withdrawn; else the roles that count. One
 * read, kept by `work`, beside the question to Firebase Auth. Whatever commits or sends comes after this.
 */
export const admit = async (
  work: Pick<Work, 'read'>,
  { identity, confirmed }: Pick<Call, 'identity' | 'confirmed'>,
  { who }: Pick<OperationContract, 'who'>,
  { rolesFrom }: Pick<Limits, 'rolesFrom'>,
): Promise<Role[]> => {
  const [revoked] = await Promise.all([work.read(revocationAt(identity.uid)), confirmed]);
  if (hasEnded(identity.authTime, revoked)) throw sessionRevoked();
  const roles = effectiveRoles(identity, revoked, rolesFrom);
  const ungranted =
    rolesFrom === 'claims'
      ? []
      : claimedRoles(identity).filter((name) => !revoked?.granted?.includes(name) && !isWithdrawn(name, revoked));
  refuseOthers(roles, who, ungranted);
  return roles;
};
