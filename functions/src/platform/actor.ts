import * as z from 'zod';
import { role, type Role } from '../contract/staff';
import type { Caller } from '../contract/operations';
import { documentAt } from './documents';
import { MusterError } from './errors';
import { paths } from './paths';

/** Who a verified token says the caller is. */
export interface Identity {
  uid: string;
  /** When the user signed in, in seconds since 1970: the token's `auth_time`. */
  authTime: number;
  /** The roles that the token's claims carry. */
  claimed: Role[];
}

/** Whoever a change is done by. */
export interface Actor {
  type: 'staff' | 'member' | 'system' | 'operator';
  id: string;
}

/**
 * `revocations/{uid}`: sessions begun before `validAfter` are over, and roles in `withdrawn` do not count,
 * whatever a token says. It binds from its commit on; Firebase Auth follows.
 */
export const revocation = z.strictObject({ validAfter: z.date(), withdrawn: z.array(role) });
export const revocationAt = (uid: string) => documentAt(paths.revocation(uid), revocation);
export type Revocation = z.infer<typeof revocation>;

/** The roles that count: those claimed and not withdrawn. An admin is staff. */
export const effectiveRoles = (identity: Identity, revoked: Revocation | undefined): Role[] => {
  const claimed = new Set(identity.claimed);
  if (claimed.has('admin')) claimed.add('staff');
  return [...claimed].filter((name) => !revoked?.withdrawn.includes(name));
};

/** Refuses a session that was ended; seconds are all a token knows, so a token of that very second is refused too. */
export const refuseEndedSession = (identity: Identity, revoked: Revocation | undefined): void => {
  if (revoked && identity.authTime * 1000 < revoked.validAfter.getTime()) {
    throw new MusterError('UNAUTHENTICATED', 'This session was ended by a staff member.', {
      reason: 'SESSION_REVOKED',
      next: 'Sign in again, if you still may.',
    });
  }
};

const ALLOWED: Record<Exclude<Caller, 'signed-in'>, readonly Role[]> = {
  staff: ['staff'],
  'staff-or-auditor': ['staff', 'auditor'],
  admin: ['admin'],
};

/** Refuses who lacks every role that may call. */
export const refuseOthers = (roles: readonly Role[], who: Caller): void => {
  if (who === 'signed-in' || ALLOWED[who].some((name) => roles.includes(name))) return;
  throw new MusterError(
    'PERMISSION_DENIED',
    `This needs the role ${ALLOWED[who].join(' or ')}; you are signed in without it.`,
    {
      reason: 'ROLE_MISSING',
      next: 'Ask an admin to grant it (staff-grant), then sign in again.',
    },
  );
};

/** How an identity is written in the audit log. */
export const actorOf = (identity: Identity, roles: readonly Role[]): Actor => ({
  type: roles.includes('staff') ? 'staff' : 'member',
  id: identity.uid,
});
