import * as z from 'zod';
import { role, type Role } from '@muster/contract/staff';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { parsedOnce } from '@muster/core/storage/parsed-once';
import { paths } from '@muster/core/storage/paths';

/**
 * `muster_revocations/{uid}`: sessions begun before `validAfter` are over, and roles in `withdrawn` do not count,
 * whatever a token says. It binds from its commit on; Firebase Auth follows.
 */
export const revocation = z.strictObject({
  validAfter: z.date(),
  withdrawn: z.array(role),
  /** Roles that were granted through Muster: the only ones that count where the deployment says so (`MUSTER_ROLES=roster`). */
  granted: z.array(role).optional(),
  /** Since when Muster knows that the account is disabled or deleted: what was delegated by it is of nobody. */
  goneSince: z.date().nullable().optional(),
});
export const revocationAt = (uid: string) => documentAt(paths.revocation(uid), revocation);
export type Revocation = z.infer<typeof revocation>;

/** The stored revocation, or undefined when it is not what it should be. */
export const parsedRevocation = parsedOnce(revocation);

/** Whether what was done, granted or begun at a moment falls with the sessions of that time. */
export const fallsWithSessions = (at: Date, revoked: Revocation | undefined): boolean =>
  revoked !== undefined && at < revoked.validAfter;

/**
 * Whether a session that was begun at `authTime` (seconds since 1970: the token's `auth_time`) is over. Seconds are
 * all a token knows, so one of the very second of the revocation is over too.
 */
export const hasEnded = (authTime: number, revoked: Revocation | undefined): boolean =>
  fallsWithSessions(new Date(authTime * 1000), revoked);

/** Whether a role does not count any more, whatever a token says. */
export const isWithdrawn = (name: Role, revoked: Revocation | undefined): boolean =>
  revoked !== undefined && revoked.withdrawn.includes(name);

export const isGone = (revoked: Revocation | undefined): boolean => revoked?.goneSince instanceof Date;

/** Of whom nothing was revoked. */
const NOTHING: Revocation = { validAfter: new Date(0), withdrawn: [] };

/** What is stored once a user's sessions are ended, and with it these roles. An end that holds already never moves back. */
export const withSessionsEnded = (
  before: Revocation | undefined,
  now: Date,
  withdrawn: readonly Role[] = [],
): Revocation => ({
  ...before,
  validAfter: before && before.validAfter > now ? before.validAfter : now,
  withdrawn: [...new Set([...(before?.withdrawn ?? []), ...withdrawn])],
  ...(before?.granted ? { granted: before.granted.filter((name) => !withdrawn.includes(name)) } : {}),
});

/** What is stored once these roles count again: their sessions of before stay ended. `noted`: that they were granted is kept here too. */
export const withRolesGranted = (
  before: Revocation = NOTHING,
  granted: readonly Role[] = [],
  noted = false,
): Revocation => ({
  ...before,
  withdrawn: before.withdrawn.filter((name) => !granted.includes(name)),
  ...(noted ? { granted: [...granted] } : {}),
});

/** What is stored once it is known that the account is gone, or, with null, that it is back. */
export const withGone = (before: Revocation = NOTHING, goneSince: Date | null = null): Revocation => ({
  ...before,
  goneSince,
});

export const sessionRevoked = (): MusterError =>
  new MusterError('UNAUTHENTICATED', 'This session was ended by a staff member.', {
    reason: 'SESSION_REVOKED',
    next: 'Sign in again, if you still may.',
  });
