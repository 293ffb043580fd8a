import type { Destination } from './destination';
import { notSignedIn } from './failure';
import type { Login, Logins } from './login';
import type { Machine } from './machine';
import { renew, type Session } from './sign-in';

/** Gives the ID token that calls are made with. */
export interface TokenSource {
  token(): Promise<string>;
  /** A token with the claims of this moment, or undefined when there is none newer than the one given. */
  newer(): Promise<string | undefined>;
}

/** Renewed a little before it expires, so that it does not expire on the way. */
const MARGIN_MS = 60_000;

export const tokenSource = (
  machine: Pick<Machine, 'env' | 'fetch' | 'now'>,
  destination: Destination,
  logins: Logins,
): TokenSource => {
  const given = machine.env['MUSTER_ID_TOKEN']?.trim();
  if (given) return { token: async () => given, newer: async () => undefined };

  let isNew = false;
  const renewed = async (login: Login): Promise<string> => {
    const session = await renew({ ...login, ...destination, fetch: machine.fetch }, login.refreshToken);
    const kept = withSession(login, session, machine.now());
    logins.keep(kept, { asLast: false });
    isNew = true;
    return kept.idToken;
  };

  return {
    async token() {
      const login = logins.find(destination);
      if (!login) throw signedOut(destination);
      const isFresh = Date.parse(login.idTokenExpiresAt) - MARGIN_MS > machine.now().getTime();
      return isFresh ? login.idToken : renewed(login);
    },
    async newer() {
      const login = logins.find(destination);
      return isNew || !login ? undefined : renewed(login);
    },
  };
};

export const withSession = (
  login: Omit<Login, 'idToken' | 'refreshToken' | 'idTokenExpiresAt'>,
  session: Omit<Session, 'email'>,
  now: Date,
): Login => ({
  ...login,
  idToken: session.idToken,
  refreshToken: session.refreshToken,
  idTokenExpiresAt: new Date(now.getTime() + session.expiresInSeconds * 1000).toISOString(),
});

const signedOut = ({ project, emulators }: Destination) =>
  emulators
    ? notSignedIn(
        `You are not signed in to ${project} on the emulators (${emulators.auth}).`,
        'Sign in with a demo account: muster login --emulator --as staff.',
      )
    : notSignedIn(
        `You are not signed in to ${project}.`,
        `Sign in: muster login --project ${project} --email YOU --api-key KEY; or set MUSTER_ID_TOKEN.`,
      );
