import * as z from 'zod';
import { staff } from '@muster/contract';
import type { Destination } from './destination';
import { Failure } from './failure';
import type { Machine } from './machine';

/** What Firebase Auth gives to whoever signed in. */
export interface Session {
  uid: string;
  email: string;
  idToken: string;
  refreshToken: string;
  expiresInSeconds: number;
}

const signedIn = z.object({
  localId: z.string(),
  email: z.string(),
  idToken: z.string(),
  refreshToken: z.string(),
  expiresIn: z.coerce.number(),
});
const renewed = z.object({
  user_id: z.string(),
  id_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.coerce.number(),
});

type AuthPlace = Pick<Destination, 'emulators'> & { apiKey: string; fetch: Machine['fetch'] };

/** Signs in with e-mail and password, at the Auth emulator or at Identity Toolkit. */
export const signIn = async (place: AuthPlace, email: string, password: string): Promise<Session> => {
  const answer = await post(place, 'identitytoolkit.googleapis.com/v1/accounts:signInWithPassword', {
    email,
    password,
    returnSecureToken: true,
  });
  const session = signedIn.safeParse(answer);
  if (!session.success) {
    // With a second factor there is no token yet, and asking for the factor needs a browser.
    throw refused('This account asks for a second factor, which the command line cannot ask for.', {
      next: 'Sign in with a web client and hand its ID token over as MUSTER_ID_TOKEN.',
    });
  }
  const { localId, expiresIn, ...tokens } = session.data;
  return { ...tokens, uid: localId, expiresInSeconds: expiresIn };
};

/** A new ID token for a refresh token. */
export const renew = async (place: AuthPlace, refreshToken: string): Promise<Omit<Session, 'email'>> => {
  const answer = await post(place, 'securetoken.googleapis.com/v1/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  });
  const session = renewed.parse(answer);
  return {
    uid: session.user_id,
    idToken: session.id_token,
    refreshToken: session.refresh_token,
    expiresInSeconds: session.expires_in,
  };
};

/** What the token's claims say of Muster's roles. Only for showing: the backend verifies, the reader does not. */
export const rolesClaimed = (idToken: string): staff.Role[] => {
  const payload: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const claims = z.record(z.string(), z.unknown()).parse(payload);
  return staff.role.options.filter((name) => claims[name] === true);
};

const AUTH_DEADLINE_MS = 20_000;

const post = async (place: AuthPlace, path: string, body: object): Promise<unknown> => {
  const origin = place.emulators ? `http://${place.emulators.auth}/` : 'https://';
  const url = `${origin}${path}?key=${encodeURIComponent(place.apiKey)}`;
  let response: Response;
  try {
    response = await place.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(AUTH_DEADLINE_MS),
    });
  } catch (error) {
    throw new Failure(
      'UNAVAILABLE',
      `Firebase Auth does not answer${place.emulators ? ` at ${place.emulators.auth}` : ''}.`,
      {
        reason: 'UNREACHABLE',
        next: place.emulators
          ? 'Start the suite (npm start), or set MUSTER_PORT_BASE if its ports were moved.'
          : 'Check the network, then try again.',
      },
      { cause: error },
    );
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw refusalOf(response.status, answer);
  return answer;
};

const refusalBody = z.object({ error: z.object({ message: z.string() }) });

const refusalOf = (status: number, answer: unknown): Failure => {
  const said = refusalBody.safeParse(answer).data?.error.message ?? `status ${status}`;
  const word = /^[A-Z_]+/u.exec(said)?.[0] ?? '';
  const known = REFUSALS[word];
  if (known) return known();
  if (/api key/iu.test(said)) {
    return new Failure('INVALID_ARGUMENT', 'Firebase Auth does not accept this API key.', {
      reason: 'BAD_INPUT',
      fields: [{ field: '--api-key', problem: 'not a valid key of this project' }],
      next: 'Copy the web API key from the project settings of the Firebase console.',
    });
  }
  return new Failure(status >= 500 ? 'UNAVAILABLE' : 'INTERNAL', `Firebase Auth refused: ${said.slice(0, 200)}.`, {
    reason: status >= 500 ? 'UNREACHABLE' : 'UNEXPECTED',
    next: 'Try again; if it goes on, look at Authentication in the Firebase console.',
  });
};

const refused = (message: string, { next }: { next: string }): Failure =>
  new Failure('UNAUTHENTICATED', message, { reason: 'BAD_TOKEN', next });

const wrongPassword = () =>
  refused('This e-mail and this password do not belong together.', { next: 'Check both, then sign in again.' });
const sessionOver = () => refused('This session is over.', { next: 'Sign in again: muster login.' });
const passwordsOff = () =>
  refused('This project does not let anyone sign in with a password.', {
    next: 'Enable it in the Firebase console (Authentication, Sign-in method), or set MUSTER_ID_TOKEN.',
  });

/** Firebase Auth's words for a refusal. */
const REFUSALS: Record<string, () => Failure> = {
  EMAIL_NOT_FOUND: wrongPassword,
  INVALID_PASSWORD: wrongPassword,
  INVALID_LOGIN_CREDENTIALS: wrongPassword,
  INVALID_EMAIL: wrongPassword,
  USER_DISABLED: () => refused('This user is disabled.', { next: 'Ask an admin of the project.' }),
  USER_NOT_FOUND: sessionOver,
  TOKEN_EXPIRED: sessionOver,
  INVALID_REFRESH_TOKEN: sessionOver,
  INVALID_GRANT_TYPE: sessionOver,
  CONFIGURATION_NOT_FOUND: passwordsOff,
  OPERATION_NOT_ALLOWED: passwordsOff,
  PASSWORD_LOGIN_DISABLED: passwordsOff,
  TOO_MANY_ATTEMPTS_TRY_LATER: () =>
    new Failure('UNAVAILABLE', 'Too many attempts to sign in; Firebase Auth asks to wait.', {
      reason: 'UNREACHABLE',
      next: 'Wait some minutes, then try again.',
    }),
};
