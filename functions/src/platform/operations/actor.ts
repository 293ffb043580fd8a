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

/** The roles that the token alone says. An admin is staff. */
export const claimedRoles = ({ claimed }: Pick<Identity, 'claimed'>): Role[] => [
  ...new Set(claimed.flatMap((name) => [name, ...BRINGS[name]])),
];

/** Which claims count: all, or those alone that Muster has granted (`MUSTER_ROLES`). */
export type RolesFrom = 'claims' | 'roster';

/** The roles that count: those claimed, not withdrawn and, where the deployment says so, granted through Muster. */
export const effectiveRoles = (identity: Identity, revoked: Revocation | undefined, from: RolesFrom): Role[] =>
  claimedRoles(identity).filter(
    (name) => !isWithdrawn(name, revoked) && (from === 'claims' || revoked?.granted?.includes(name)),
  );

export const mayCall = (roles: readonly Role[], who: Caller): boolean =>
  who === 'signed-in' || MAY_CALL[who].some((name) => roles.includes(name));

/** Refuses who lacks every role that may call. `ungranted`: what their token carries beside, and Muster did not grant. */
export const refuseOthers = (roles: readonly Role[], who: Caller, ungranted: readonly Role[] = []): void => {
  if (who === 'signed-in' || mayCall(roles, who)) return;
  if (mayCall(ungranted, who)) {
    throw new MusterError(
      'PERMISSION_DENIED',
      `Your token carries ${ungranted.join(' and ')}, which Muster did not grant; here only what it granted counts.`,
      { reason: 'ROLE_NOT_GRANTED', next: 'Ask an admin to grant it (staff-grant), then sign in again.' },
    );
  }
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
