import type { AppCheck as FirebaseAppCheck } from 'firebase-admin/app-check';
import { MusterError } from '@muster/core/errors';

/** Tells whether a call comes from an app of this project. */
export interface AppCheck {
  check(token: string | undefined): Promise<void>;
}

const NEXT = 'Call from an app that is registered with App Check, or leave MUSTER_APP_CHECK off (docs/operations.md).';

export const firebaseAppCheck = (appCheck: () => Pick<FirebaseAppCheck, 'verifyToken'>): AppCheck => ({
  async check(token) {
    if (!token) {
      throw new MusterError('UNAUTHENTICATED', 'No App Check token came with this request.', {
        reason: 'NO_APP_CHECK',
        next: NEXT,
      });
    }
    try {
      await appCheck().verifyToken(token);
    } catch {
      // Also where Google's keys could not be fetched: the SDK says the same of that.
      throw new MusterError('UNAUTHENTICATED', 'The App Check token is not valid, or has expired.', {
        reason: 'BAD_APP_CHECK',
        next: NEXT,
      });
    }
  },
});
