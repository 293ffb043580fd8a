import * as z from 'zod';
import { role } from '@muster/contract/staff';
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

/**
 * Whether a session that was begun at `authTime` (seconds since 1970: the token's `auth_time`) is over. Seconds are
 * all a token knows, so one of the very second of the revocation is over too.
 */
export const hasEnded = (authTime: number, revoked: Revocation | undefined): boolean =>
  revoked !== undefined && authTime * 1000 < revoked.validAfter.getTime();

export const sessionRevoked = (): MusterError =>
  new MusterError('UNAUTHENTICATED', 'This session was ended by a staff member.', {
    reason: 'SESSION_REVOKED',
    next: 'Sign in again, if you still may.',
  });
