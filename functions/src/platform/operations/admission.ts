/** The one check of who calls: what their token claims, and what is stored of their sessions and roles. */
import type { Caller, OperationContract } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import type { Work } from '@muster/core/storage/work';
import { hasEnded, revocationAt, sessionRevoked } from '@muster/guard/revocation';
import { effectiveRoles, mayCall, refuseOthers, type Identity } from './actor';
import type { Call } from './operation';

/** By the token alone, which costs no read: who lacks the role here has it nowhere. */
export const admitByToken = (identity: Identity, who: Caller): void =>
  refuseOthers(effectiveRoles(identity, undefined), who);

export const isAdmittedByToken = (identity: Identity, who: Caller): boolean =>
  mayCall(effectiveRoles(identity, undefined), who);

/**
 * Refuses whom Firebase Auth refuses, whose session was ended, or whose role was withdrawn; else the roles that count. One
 * read, kept by `work`, beside the question to Firebase Auth. Whatever commits or sends comes after this.
 */
export const admit = async (
  work: Pick<Work, 'read'>,
  { identity, confirmed }: Pick<Call, 'identity' | 'confirmed'>,
  { who }: Pick<OperationContract, 'who'>,
): Promise<Role[]> => {
  const [revoked] = await Promise.all([work.read(revocationAt(identity.uid)), confirmed]);
  if (hasEnded(identity.authTime, revoked)) throw sessionRevoked();
  const roles = effectiveRoles(identity, revoked);
  refuseOthers(roles, who);
  return roles;
};
