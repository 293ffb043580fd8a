/** Users of the Auth emulator, in the project of a backend. */
import { getAuth } from 'firebase-admin/auth';
import type { Backend } from './harness';

/** A user with the given custom claims, whether Muster's or its host's. */
export const newPerson = async (
  { app }: Pick<Backend, 'app'>,
  uid: string,
  claims: Record<string, unknown> = {},
): Promise<void> => {
  await getAuth(app).createUser({ uid, email: `${uid}@muster.example`, password: 'a password of some length' });
  await getAuth(app).setCustomUserClaims(uid, claims);
};

export const claimsOf = async ({ app }: Pick<Backend, 'app'>, uid: string): Promise<Record<string, unknown>> =>
  (await getAuth(app).getUser(uid)).customClaims ?? {};
