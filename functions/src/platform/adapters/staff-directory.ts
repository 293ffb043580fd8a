import type { Auth } from 'firebase-admin/auth';
import { role, rolesIn, type Role } from '@muster/contract/staff';
import { MusterError } from '@muster/core/errors';

/** A user as Firebase Auth knows it. */
export interface Person {
  uid: string;
  roles: Role[];
}

/** What Muster asks of Firebase Auth beyond tokens. */
export interface StaffDirectory {
  /** The user, by uid or e-mail; undefined when there is none. */
  find(who: { uid?: string | undefined; email?: string | undefined }): Promise<Person | undefined>;
  /** Makes the claims carry exactly these of Muster's roles; the host's own claims stay. */
  setRoles(uid: string, roles: readonly Role[]): Promise<void>;
  /** Ends the user's sessions at Firebase Auth as well. A user that it does not know has none. */
  endSessions(uid: string): Promise<void>;
}

export const firebaseStaffDirectory = (auth: () => Auth): StaffDirectory => ({
  async find({ uid, email }) {
    try {
      const user = uid === undefined ? await auth().getUserByEmail(email ?? '') : await auth().getUser(uid);
      return { uid: user.uid, roles: rolesIn(user.customClaims) };
    } catch (error) {
      if (codeOf(error) === 'auth/user-not-found') return undefined;
      throw new MusterError(
        'UNAVAILABLE',
        'Firebase Auth did not answer. Nothing was changed.',
        { reason: 'STORE_UNAVAILABLE', next: 'Try again.' },
        { cause: error },
      );
    }
  },

  async setRoles(uid, roles) {
    const { customClaims = {} } = await auth().getUser(uid);
    const others = Object.entries(customClaims).filter(([name]) => !role.options.some((known) => known === name));
    await auth().setCustomUserClaims(
      uid,
      Object.fromEntries([...others, ...roles.map((name) => [name, true] as const)]),
    );
  },

  async endSessions(uid) {
    try {
      await auth().revokeRefreshTokens(uid);
    } catch (error) {
      if (codeOf(error) !== 'auth/user-not-found') throw error;
    }
  },
});

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
