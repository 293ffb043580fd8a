import type { Command } from 'commander';
import { contextOf } from '../../command-context';
import { tellVerdict } from './verdict-page';
import { verifyFile, type VerifyOptions } from './verify-file';
import type { Machine } from '../../machine';
import { collected } from '../../options/changing';

/** `muster audit verify`: offline, and without a login. */
export const addAuditVerify = (audit: Command, machine: Machine): void => {
  audit
    .command('verify')
    .description('check an export or a proof, offline; exits with 9 unless all of it holds')
    .argument('<file>', 'what muster audit export, or prove, wrote')
    .option(
      '--key <key>',
      'the key of the log, or a file with some, from somewhere else than the file (repeatable)',
      collected,
    )
    .option('--head <file>', 'a signed head that you kept: the file must go with it (repeatable)', collected)
    .option('--reveal <file>', 'a withheld field that was revealed since (repeatable)', collected)
    .action(async (file: string, _options: object, command: Command) => {
      const context = contextOf(machine, command);
      tellVerdict(context, file, await verifyFile(context, file, command.optsWithGlobals<VerifyOptions>()));
    });
};
