import type { Command } from 'commander';
import { contextOf, type CommandContext } from '../command-context';
import type { Login } from '@muster/client/login';
import { demoAccount } from './demo-accounts';
import type { Destination } from '@muster/client/destination';
import { badUsage } from '@muster/client/failure';
import type { Machine } from '../machine';
import { askLine, askSecret } from '../prompt';
import { rolesClaimed, signIn } from '@muster/client/sign-in';
import { withSession } from '@muster/client/token-source';

interface LoginOptions {
  email?: string;
  as?: string;
  apiKey?: string;
}

/** `muster login` and `muster logout` */
export const addLoginCommands = (program: Command, machine: Machine): void => {
  program
    .command('login')
    .description('sign in with e-mail and password, and stay signed in')
    .option('--email <email>', 'who you are; the password is asked for, or taken from MUSTER_PASSWORD')
    .option('--as <role>', 'on the emulators: the demo account of this role (admin, staff, auditor, member)')
    .option('--api-key <key>', 'web API key of a real project (or MUSTER_API_KEY)')
    .action(async (options: LoginOptions, command: Command) => login(machine, contextOf(machine, command), options));

  program
    .command('logout')
    .description('forget who is signed in here; the session itself ends when an admin revokes it')
    .action((_options: object, command: Command) => {
      const { credentials, destination, answer } = contextOf(machine, command);
      const where = destination();
      const wasSignedIn = credentials.forget(where);
      answer({ project: where.project, wasSignedIn }, () =>
        wasSignedIn ? `Signed out of ${placeName(where)}.` : `You were not signed in to ${placeName(where)}.`,
      );
    });
};

const login = async (machine: Machine, context: CommandContext, options: LoginOptions): Promise<void> => {
  const where = context.destination();
  const apiKey = apiKeyFor(where, options.apiKey ?? machine.env['MUSTER_API_KEY']);
  const { email, password } = await whoSignsIn(machine, where, options);
  const session = await signIn({ emulators: where.emulators, apiKey, fetch: machine.fetch }, email, password);
  const { project, region, functionsUrl, emulators } = where;
  const kept: Login = withSession(
    {
      ...{ project, region, functionsUrl, apiKey, email: session.email, uid: session.uid },
      ...(emulators ? { emulators } : {}),
    },
    session,
    machine.now(),
  );
  context.credentials.keep(kept, { asLast: true });

  const roles = rolesClaimed(session.idToken);
  context.answer({ project, emulator: emulators !== undefined, email: kept.email, uid: kept.uid, roles }, () =>
    [
      `${context.page.ink.good('Signed in')} to ${placeName(where)} as ${kept.email}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}.`,
      ...(roles.length === 0 ? ['You have no role of Muster yet: an admin grants one (muster staff grant).'] : []),
    ].join('\n'),
  );
};

const placeName = ({ project, emulators }: Destination): string =>
  emulators ? `${project} on the emulators` : project;

/** The emulator takes any key, but wants one. */
const apiKeyFor = ({ emulators, project }: Destination, given: string | undefined): string => {
  if (emulators) return 'emulator';
  if (given) return given;
  throw badUsage(
    `Signing in to ${project} needs its web API key.`,
    'Give --api-key or set MUSTER_API_KEY: it stands in the project settings of the Firebase console, and is no secret.',
  );
};

const whoSignsIn = async (
  machine: Machine,
  { emulators }: Destination,
  options: LoginOptions,
): Promise<{ email: string; password: string }> => {
  if (options.as !== undefined) {
    if (options.email !== undefined) throw badUsage('--email and --as exclude each other.', 'Give one of them.');
    if (!emulators) throw badUsage('Demo accounts exist on the emulators alone.', 'Give --emulator, or --email.');
    return demoAccount(options.as);
  }
  const email = options.email ?? (await askLine(machine, 'E-mail: ', 'Give --email.'));
  const password =
    machine.env['MUSTER_PASSWORD'] ||
    (await askSecret(machine, 'Password: ', 'Set MUSTER_PASSWORD, or run this in a terminal.'));
  return { email, password };
};
