import type { Auth, DecodedIdToken } from 'firebase-admin/auth';
import { uid } from '@muster/contract/values';
import type { Identity } from '../operations/actor';
import type { Clock } from '@muster/core/clock';
import { MusterError } from '@muster/core/errors';
import { rolesIn } from '@muster/contract/staff';

/** Tells who a token's bearer is, or refuses; and whether that account still stands. */
export interface IdentityVerifier {
  /** By the token alone: signature, audience, issuer, times, uid. Asks nobody on a real project. */
  verify(token: string | undefined): Promise<Identity>;
  /** Asks Firebase Auth: refuses a user who is gone or disabled, and a sign-in that was ended. */
  confirm(identity: Identity): Promise<void>;
}

type Reason = 'BAD_TOKEN' | 'SESSION_REVOKED' | 'USER_DISABLED' | 'USER_DELETED';

const INVALID = 'The token is not a valid ID token of this project.';

/** What each refusal of Firebase Auth means to whoever holds the token. */
const REFUSALS: Record<string, { reason: Reason; message: string }> = {
  'auth/id-token-expired': { reason: 'BAD_TOKEN', message: 'The token has expired.' },
  'auth/user-not-found': { reason: 'USER_DELETED', message: 'The user of this token does not exist any more.' },
  'auth/argument-error': { reason: 'BAD_TOKEN', message: INVALID },
  // A token of Google's that has no user: the one that blocking functions get.
  'auth/invalid-uid': { reason: 'BAD_TOKEN', message: INVALID },
  'auth/invalid-id-token': { reason: 'BAD_TOKEN', message: INVALID },
};

/** Google's clock and ours may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 300;

/**
 * Verifies in two steps what the callable protocol's own check leaves out, half of it everywhere and the rest on the
 * emulator. The first needs no network; the second is a call, and is made beside the first reads of the operation.
 */
export const firebaseIdentityVerifier = (
  auth: () => Pick<Auth, 'verifyIdToken' | 'getUser'>,
  clock: Clock,
): IdentityVerifier => ({
  async verify(token) {
    if (!token) {
      throw new MusterError('UNAUTHENTICATED', 'No token came with this request.', {
        reason: 'NO_TOKEN',
        next: 'Send "Authorization: Bearer" with a Firebase ID token.',
      });
    }
    try {
      const decoded = await askingNobody(auth()).verifyIdToken(token);
      refuseUnusable(decoded, clock);
      return { uid: decoded.uid, authTime: decoded.auth_time, claimed: rolesIn(decoded), ...accountIn(decoded) };
    } catch (error) {
      // What has no code is no answer of Firebase Auth: its words about what it was given, or our own above.
      throw refusalFrom(error) ?? (codeOf(error) === '' ? refused('BAD_TOKEN', INVALID) : unanswered(error));
    }
  },

  async confirm({ uid: user, authTime }) {
    const { disabled, tokensValidAfterTime } = await auth()
      .getUser(user)
      .catch((error: unknown) => {
        throw refusalFrom(error) ?? unanswered(error);
      });
    if (disabled) throw refused('USER_DISABLED', 'This user is disabled.');
    // Seconds are all that either side knows; a sign-in of the very second of the end counts.
    if (tokensValidAfterTime && authTime * 1000 < new Date(tokensValidAfterTime).getTime()) {
      throw refused('SESSION_REVOKED', 'This session was ended.');
    }
  },
});

/**
 * For the Auth emulator the SDK looks the user up within `verifyIdToken`, whether or not it was asked to. `confirm` does
 * that, so this copy is told of a user who never ended a session. On a real project it makes no difference.
 */
const askingNobody = <Asked extends Pick<Auth, 'getUser'>>(auth: Asked): Asked =>
  Object.create(auth, { getUser: { value: async () => ({ disabled: false }) } }) as Asked;

/** What a token says of its account beside who it is. An address counts once Firebase Auth has verified it. */
const accountIn = ({
  firebase,
  email,
  email_verified: isVerified,
}: Pick<DecodedIdToken, 'firebase' | 'email' | 'email_verified'>): Pick<Identity, 'anonymous' | 'verifiedDomain'> => {
  const domain = isVerified === true ? email?.split('@').at(-1)?.toLowerCase() : undefined;
  return {
    anonymous: firebase?.sign_in_provider === 'anonymous',
    ...(domain ? { verifiedDomain: domain } : {}),
  };
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const refusalFrom = (error: unknown): MusterError | undefined => {
  const refusal = REFUSALS[codeOf(error)];
  return refusal && refused(refusal.reason, refusal.message);
};

const unanswered = (cause: unknown): MusterError =>
  new MusterError(
    'UNAVAILABLE',
    'Firebase Auth did not answer, so the token could not be checked.',
    { reason: 'STORE_UNAVAILABLE', next: 'Try again.' },
    { cause },
  );

/** Without a cause: an answer that was given, not a failure. */
const refused = (reason: Reason, message: string): MusterError =>
  new MusterError('UNAUTHENTICATED', message, { reason, next: 'Sign in again.' });

/** What Firebase Auth leaves unchecked: a sign-in to come would outlive its revocation; the uid names a document. */
const refuseUnusable = (decoded: { uid: unknown; auth_time: unknown }, clock: Clock): void => {
  const latest = clock().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS;
  const signedIn = typeof decoded.auth_time === 'number' && decoded.auth_time <= latest;
  if (!signedIn || !uid.safeParse(decoded.uid).success) throw new Error('a token without a usable uid or auth_time');
};
