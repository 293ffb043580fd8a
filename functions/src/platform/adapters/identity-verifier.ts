import type { Auth } from 'firebase-admin/auth';
import { uid } from '@muster/contract/values';
import type { Identity } from '../operations/actor';
import type { Clock } from '@muster/core/clock';
import { MusterError } from '@muster/core/errors';
import { rolesIn } from '@muster/contract/staff';

/** Tells who a token's bearer is, or refuses. */
export interface IdentityVerifier {
  verify(token: string | undefined): Promise<Identity>;
}

/** What each refusal of Firebase Auth means to whoever holds the token. */
const REFUSALS: Record<string, { reason: 'BAD_TOKEN' | 'SESSION_REVOKED' | 'USER_DISABLED'; message: string }> = {
  'auth/id-token-expired': { reason: 'BAD_TOKEN', message: 'The token has expired.' },
  'auth/id-token-revoked': { reason: 'SESSION_REVOKED', message: 'This session was ended.' },
  'auth/user-disabled': { reason: 'USER_DISABLED', message: 'This user is disabled.' },
  'auth/user-not-found': { reason: 'BAD_TOKEN', message: 'The user of this token does not exist.' },
  'auth/argument-error': { reason: 'BAD_TOKEN', message: 'The token is not a valid ID token of this project.' },
  // A token of Google's that has no user: the one that blocking functions get.
  'auth/invalid-uid': { reason: 'BAD_TOKEN', message: 'The token is not a valid ID token of this project.' },
  'auth/invalid-id-token': { reason: 'BAD_TOKEN', message: 'The token is not a valid ID token of this project.' },
};

/** Google's clock and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300;

/**
 * Verifies signature, audience, issuer and expiry, and asks Firebase Auth whether the user still exists, is
 * enabled and kept its sessions. The callable protocol's own check is not enough: it leaves out the second
 * half everywhere, and the first on the emulator.
 */
export const firebaseIdentityVerifier = (auth: () => Pick<Auth, 'verifyIdToken'>, clock: Clock): IdentityVerifier => ({
  async verify(token) {
    if (!token) {
      throw new MusterError('UNAUTHENTICATED', 'No token came with this request.', {
        reason: 'NO_TOKEN',
        next: 'Send "Authorization: Bearer" with a Firebase ID token.',
      });
    }
    try {
      const decoded = await auth().verifyIdToken(token, true);
      refuseUnusable(decoded, clock);
      return { uid: decoded.uid, authTime: decoded.auth_time, claimed: rolesIn(decoded) };
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      const refusal = REFUSALS[code];
      if (!refusal && code !== '') {
        throw new MusterError(
          'UNAVAILABLE',
          'Firebase Auth did not answer, so the token could not be checked.',
          { reason: 'STORE_UNAVAILABLE', next: 'Try again.' },
          { cause: error },
        );
      }
      throw new MusterError(
        'UNAUTHENTICATED',
        refusal?.message ?? 'The token is not a valid ID token of this project.',
        { reason: refusal?.reason ?? 'BAD_TOKEN', next: 'Sign in again.' },
        { cause: error },
      );
    }
  },
});

/** What Firebase Auth leaves unchecked: a sign-in to come would outlive its revocation; the uid names a document. */
const refuseUnusable = (decoded: { uid: unknown; auth_time: unknown }, clock: Clock): void => {
  const latest = clock().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS;
  const signedIn = typeof decoded.auth_time === 'number' && decoded.auth_time <= latest;
  if (!signedIn || !uid.safeParse(decoded.uid).success) throw new Error('a token without a usable uid or auth_time');
};
