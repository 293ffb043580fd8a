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
export const revocation = z.strictObject({ validAfter: z.date(), withdrawn: z.array(role) });
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

/** What is stored once a user's sessions are ended, and with it these roles. An end that holds already never moves back. */
export const withSessionsEnded = (
  before: Revocation | undefined,
  now: Date,
  withdrawn: readonly Role[] = [],
): Revocation => ({
  validAfter: before && before.validAfter > now ? before.validAfter : now,
  withdrawn: [...new Set([...(before?.withdrawn ?? []), ...withdrawn])],
});

/** What is stored once these roles count again: their sessions of before stay ended. */
export const withRolesGranted = (before: Revocation, granted: readonly Role[]): Revocation => ({
  ...before,
  withdrawn: before.withdrawn.filter((name) => !granted.includes(name)),
});

export const sessionRevoked = (): MusterError =>
  new MusterError('UNAUTHENTICATED', 'This session was ended by a staff member.', {
    reason: 'SESSION_REVOKED',
    next: 'Sign in again, if you still may.',
  });
