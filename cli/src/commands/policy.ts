import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { policyPage } from '../output/policy-page';

/** `muster policy` */
export const addPolicyCommand = (program: Command, machine: Machine): void => {
  program
    .command('policy')
    .description('what is restricted now')
    .action((_options: object, command: Command) =>
      contextOf(machine, command).ask('policy-get', {}, ({ policy }, page) => policyPage(policy, page)),
    );
};
