import type { Auth, UserRecord } from 'firebase-admin/auth';
import { role, rolesIn, type Role } from '@muster/contract/staff';
import { MusterError } from '@muster/core/errors';

/** A user as Firebase Auth knows it. */
export interface Person {
  uid: string;
  roles: Role[];
}

/** A user, and whether they can sign in. */
export interface Account extends Person {
  disabled: boolean;
}

/** Whether an account can sign in. */
export type Standing = 'enabled' | 'disabled' | 'deleted';

/** Asked about at once, at the most; so many does Firebase Auth answer. */
export const MOST_ASKED = 100;
/** On a page of all accounts. */
export const ACCOUNTS_A_PAGE = 1000;

/** What Muster asks of Firebase Auth beyond tokens. */
export interface StaffDirectory {
  /** The user, by uid or e-mail; undefined when there is none. */
  find(who: { uid?: string | undefined; email?: string | undefined }): Promise<Person | undefined>;
  /** The users with these uids, 100 at the most; who is deleted is not among them. */
  findAll(uids: readonly string[]): Promise<Account[]>;
  /** A page of all accounts, and where the next one begins; null after the last. */
  page(from: string | null): Promise<{ accounts: Account[]; next: string | null }>;
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
      return unanswered(error);
    }
  },

  async findAll(uids) {
    const { users } = await auth()
      .getUsers(uids.map((uid) => ({ uid })))
      .catch(unanswered);
    return users.map(accountOf);
  },

  async page(from) {
    const { users, pageToken } = await auth()
      .listUsers(ACCOUNTS_A_PAGE, from ?? undefined)
      .catch((error: unknown) =>
        // A place that Firebase Auth has forgotten: from the beginning.
        from !== null && codeOf(error) === 'auth/invalid-page-token'
          ? auth().listUsers(ACCOUNTS_A_PAGE)
          : unanswered(error),
      );
    return { accounts: users.map(accountOf), next: pageToken ?? null };
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

const accountOf = ({ uid, customClaims, disabled }: UserRecord): Account => ({
  uid,
  roles: rolesIn(customClaims),
  disabled,
});

const unanswered = (cause: unknown): never => {
  throw new MusterError(
    'UNAVAILABLE',
    'Firebase Auth did not answer. Nothing was changed.',
    { reason: 'STORE_UNAVAILABLE', next: 'Try again.' },
    { cause },
  );
};

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
