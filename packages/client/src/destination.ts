import type { CallPlace } from './callable-protocol';
import { badUsage } from './failure';
import type { Login } from './login';

/** Which Muster is talked to, and where it is. */
export interface Destination extends CallPlace {
  project: string;
  region: string;
  /** Where the emulators are; undefined for a real project. */
  emulators: { auth: string; firestore: string } | undefined;
}

export interface WhereTo {
  project?: string;
  emulator?: boolean;
  region?: string;
}

export const DEMO_PROJECT = 'demo-muster';
export const DEFAULT_REGION = 'us-central1';
const HOST = '127.0.0.1';

/**
 * Options come before the environment, the environment before the last login. A login counts only where nothing
 * said otherwise, so that `--project` never reaches a place through what someone signed in to last week.
 */
export const destinationFrom = (
  options: WhereTo,
  env: Readonly<Record<string, string | undefined>>,
  lastLogin: Login | undefined,
): Destination => {
  const named = options.project ?? given(env['MUSTER_PROJECT']) ?? given(env['GCLOUD_PROJECT']);
  const onEmulators = emulatorsMeant(options, env, named) ?? lastLogin?.emulators !== undefined;
  const login = lastLogin && fits(lastLogin, named, onEmulators) ? lastLogin : undefined;
  const project = named ?? login?.project ?? (onEmulators ? DEMO_PROJECT : undefined);
  if (project === undefined) {
    throw badUsage(
      'It is not clear which project is meant.',
      'Give --project PROJECT or set MUSTER_PROJECT; for the emulators of this checkout give --emulator.',
    );
  }
  const region = options.region ?? given(env['MUSTER_REGION']) ?? login?.region ?? DEFAULT_REGION;
  const emulators = onEmulators ? emulatorHosts(env, login) : undefined;
  return {
    ...{ project, region, emulators, functionsUrl: functionsUrl({ project, region, onEmulators }, env, login) },
    ...howToCall(env),
  };
};

/** At the door of `api` unless the environment says otherwise. */
const howToCall = (env: Readonly<Record<string, string | undefined>>): Omit<CallPlace, 'functionsUrl'> => {
  const door = given(env['MUSTER_DOOR']);
  if (door !== undefined && door !== 'api' && door !== 'named') {
    throw badUsage(
      `MUSTER_DOOR is "${door}".`,
      'Set it to api (the default) or to named, for callables by their names.',
    );
  }
  const appCheckToken = given(env['MUSTER_APP_CHECK_TOKEN']);
  return {
    ...(door === 'named' ? { namedCallables: true } : {}),
    ...(appCheckToken === undefined ? {} : { appCheckToken }),
  };
};

const given = (text: string | undefined): string | undefined => (text?.trim() ? text.trim() : undefined);

/** True or false when something says so; undefined leaves it to the last login. */
const emulatorsMeant = (
  options: WhereTo,
  env: Readonly<Record<string, string | undefined>>,
  project: string | undefined,
): boolean | undefined => {
  if (options.emulator !== undefined) return options.emulator;
  if (given(env['FIREBASE_AUTH_EMULATOR_HOST'])) return true;
  // Firebase keeps the prefix for projects that do not exist: none of their calls can reach a real one.
  if (project !== undefined) return project.startsWith('demo-');
  return given(env['MUSTER_PORT_BASE']) ? true : undefined;
};

const fits = (login: Login, project: string | undefined, onEmulators: boolean): boolean =>
  (project === undefined || login.project === project) && (login.emulators !== undefined) === onEmulators;

/** The suite counts its ports up from a base: auth, functions, firestore (tools/suite/emulators/ports.mjs). */
const portOf = (
  name: 'auth' | 'functions' | 'firestore',
  env: Readonly<Record<string, string | undefined>>,
): number | undefined => {
  const base = given(env['MUSTER_PORT_BASE']);
  if (base === undefined) return undefined;
  if (!/^\d{4,5}$/u.test(base)) {
    throw badUsage(`MUSTER_PORT_BASE is "${base}".`, 'Set it to the number that the suite was started with.');
  }
  return Number(base) + { auth: 0, functions: 1, firestore: 2 }[name];
};

const emulatorHosts = (env: Readonly<Record<string, string | undefined>>, login: Login | undefined) => {
  const [auth, firestore] = [portOf('auth', env), portOf('firestore', env)];
  return {
    auth:
      given(env['FIREBASE_AUTH_EMULATOR_HOST']) ??
      (auth === undefined ? (login?.emulators?.auth ?? `${HOST}:9099`) : `${HOST}:${auth}`),
    firestore:
      given(env['FIRESTORE_EMULATOR_HOST']) ??
      (firestore === undefined ? (login?.emulators?.firestore ?? `${HOST}:8080`) : `${HOST}:${firestore}`),
  };
};

const functionsUrl = (
  where: { project: string; region: string; onEmulators: boolean },
  env: Readonly<Record<string, string | undefined>>,
  login: Login | undefined,
): string => {
  const explicit = given(env['MUSTER_FUNCTIONS_URL']);
  if (explicit !== undefined) return safeUrl(explicit, where.onEmulators);
  if (!where.onEmulators) {
    return login?.region === where.region
      ? login.functionsUrl
      : `https://${where.region}-${where.project}.cloudfunctions.net`;
  }
  const port = portOf('functions', env);
  if (port === undefined && login?.region === where.region) return login.functionsUrl;
  return `http://${HOST}:${port ?? 5001}/${where.project}/${where.region}`;
};

/** A token is worth as much as a password: it does not travel in the clear to another machine. */
const safeUrl = (text: string, onEmulators: boolean): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.protocol === 'http:' && (onEmulators || isLoopback(url.hostname));
  if (!url || !(url.protocol === 'https:' || plain)) {
    throw badUsage(
      `MUSTER_FUNCTIONS_URL is "${text}".`,
      'Set it to the https address of the functions, or unset it to take the address of the project.',
    );
  }
  return text.replace(/\/+$/u, '');
};

const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host);
