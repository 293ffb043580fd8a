import { BRINGS, type Role } from '@muster/contract/staff';
import { MAY_CALL, type Caller } from '@muster/contract/operations';
import type { Actor, RequestOrigin } from '@muster/core/audit/audit-draft';
import { idFrom } from '@muster/core/ids';
import { MusterError } from '@muster/core/errors';
import { isWithdrawn, type Revocation } from '@muster/guard/revocation';

/** Who a verified token says the caller is. */
export interface Identity {
  uid: string;
  /** When the user signed in, in seconds since 1970: the token's `auth_time`. */
  authTime: number;
  /** The roles that the token's claims carry. */
  claimed: Role[];
  /** Of an account that nobody signed in to: anyone has as many of these as they like. */
  anonymous?: boolean | undefined;
  /** The domain of an e-mail address that Firebase Auth has verified, in lower case. */
  verifiedDomain?: string | undefined;
}

/** The roles that count: those claimed and not withdrawn. An admin is staff. */
export const effectiveRoles = (identity: Identity, revoked: Revocation | undefined): Role[] => {
  const claimed = new Set(identity.claimed.flatMap((name) => [name, ...BRINGS[name]]));
  return [...claimed].filter((name) => !isWithdrawn(name, revoked));
};

export const mayCall = (roles: readonly Role[], who: Caller): boolean =>
  who === 'signed-in' || MAY_CALL[who].some((name) => roles.includes(name));

/** Refuses who lacks every role that may call. */
export const refuseOthers = (roles: readonly Role[], who: Caller): void => {
  if (who === 'signed-in' || mayCall(roles, who)) return;
  throw new MusterError(
    'PERMISSION_DENIED',
    `This needs the role ${MAY_CALL[who].join(' or ')}; you are signed in without it.`,
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

/** Where a call came from. A sign-in is its user and its second: all tokens of it have these. */
export const originOf = ({
  identity,
  ip,
  callerRequestId,
}: {
  identity: Identity;
  ip?: string | undefined;
  callerRequestId?: string | null | undefined;
}): RequestOrigin => ({
  ip: ip ?? null,
  callerRequestId,
  sessionId: idFrom('ses', identity.uid, String(identity.authTime)),
});
