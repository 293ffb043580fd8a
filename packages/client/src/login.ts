/** Who is signed in where: what a program keeps of a sign-in, and hands on with the next call. */
import * as z from 'zod';

export const login = z.object({
  project: z.string(),
  region: z.string(),
  functionsUrl: z.string(),
  emulators: z.object({ auth: z.string(), firestore: z.string() }).optional(),
  apiKey: z.string(),
  email: z.string(),
  uid: z.string(),
  refreshToken: z.string(),
  idToken: z.string(),
  /** ISO 8601; the ID token is renewed before. */
  idTokenExpiresAt: z.string(),
});
/** One person signed in to one place. */
export type Login = z.infer<typeof login>;

/** What tells one place from another. */
export interface Place {
  project: string;
  emulators?: { auth: string } | undefined;
}

/** Where logins are kept between calls. */
export interface Logins {
  find(where: Place): Login | undefined;
  /** Keeps a login; signing in makes it the last one, renewing its token does not. */
  keep(kept: Login, how: { asLast: boolean }): void;
}
