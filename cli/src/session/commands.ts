import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { sessionsRevoked } from '../staff/pages';
import { withRequestId } from '../options/changing';

interface RevokeOptions {
  uid: string;
  reason: string;
  requestId?: string;
}

/** `muster session …` */
export const addSessionCommands = (program: Command, machine: Machine): void => {
  const session = program.command('session').description('end the sessions of a user');
  asks(
    withRequestId(session.command('revoke').description('end every session of a user, at once; roles stay')),
    'sessions-revoke',
  )
    .requiredOption('--uid <uid>', 'the user, also one that was deleted')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((options: RevokeOptions, command: Command) =>
      contextOf(machine, command).change('sessions-revoke', { ...options }, sessionsRevoked),
    );
};
