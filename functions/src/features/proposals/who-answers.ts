/** On whose authority a proposal may rest. Pure. */
import type { Role } from '@muster/contract/staff';
import type { Delegation } from '@muster/guard/delegation';
import { isGone, isWithdrawn, type Revocation } from '@muster/guard/revocation';
import type { Identity } from '../../platform/operations/actor';
import { allowedIdentity } from '../../platform/operations/allowed-identity';
import { nobodyAnswersForIt, notYourAgent } from './proposal-errors';

/** Who asks, as their token and their record say. */
export interface Asking {
  identity: Identity;
  roles: readonly Role[];
  /** Domains of verified e-mail addresses that are allowed beside roles. */
  identityDomains: readonly string[];
}

/** Refuses whoever names another than themselves as the one who does it, and is not staff. */
export const refuseForeignAgent = (agent: string | undefined, { identity, roles }: Asking): void => {
  if (agent === undefined || agent === identity.uid || roles.includes('staff')) return;
  throw notYourAgent('Only staff asks for an agent that it runs; you are signed in without that role.');
};

/** Refuses what rests on nobody who answers for it: on its owner's delegation, or without one on whoever asks. */
export const refuseUnanswered = (
  delegated: { stored: Delegation; ownerRevoked: Revocation | undefined } | undefined,
  { identity, roles, identityDomains }: Asking,
): void => {
  const answers = delegated
    ? isAuthority(delegated.stored, delegated.ownerRevoked)
    : roles.length > 0 || allowedIdentity(identity, identityDomains);
  if (!answers) throw nobodyAnswersForIt();
};

/** Whether it was granted by somebody who could, and who has not lost since what they could it by. */
const isAuthority = ({ grantedAs = [] }: Delegation, ownerRevoked: Revocation | undefined): boolean =>
  !isGone(ownerRevoked) && grantedAs.some((way) => way === 'verified_email' || !isWithdrawn(way, ownerRevoked));
