import type { Command } from 'commander';
import { staff as contract } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { Machine } from '../machine';
import { roleGranted, roleRevoked } from './pages';
import { staffList } from './list-page';
import { pageAsked, withPaging, type PagingOptions } from '../options/paging';
import { withRequestId } from '../options/changing';
import { withPerson } from '../options/person';
import { addBootstrapCommand } from './bootstrap-command';

interface RoleOptions {
  email?: string;
  uid?: string;
  reason: string;
  requestId?: string;
}

/** `muster staff …` */
export const addStaffCommands = (program: Command, machine: Machine): void => {
  const staff = program.command('staff').description('who may do what');

  asks(
    withPaging(staff.command('list').description('who has which role, and whose claims nobody granted')),
    'staff-list',
  ).action((options: PagingOptions, command: Command) =>
    contextOf(machine, command).ask('staff-list', pageAsked(options), staffList),
  );

  asks(withPerson(withRequestId(staff.command('grant').description('give a user a role'))), 'staff-grant')
    .argument('<role>', either(contract.role.options))
    .requiredOption('--reason <text>', 'why')
    .action((role: string, options: RoleOptions, command: Command) =>
      contextOf(machine, command).change('staff-grant', { role, ...options }, roleGranted),
    );

  asks(
    withPerson(withRequestId(staff.command('revoke').description('take a role, and end the sessions of its user'))),
    'staff-revoke',
  )
    .argument('<role>', either(contract.role.options))
    .requiredOption('--reason <text>', 'why')
    .action((role: string, options: RoleOptions, command: Command) =>
      contextOf(machine, command).change('staff-revoke', { role, ...options }, roleRevoked),
    );

  addBootstrapCommand(staff, machine);
};
