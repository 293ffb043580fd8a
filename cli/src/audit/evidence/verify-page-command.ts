import type { Command } from 'commander';
import { copyFileSync, constants, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { contextOf } from '../../command-context';
import { badUsage } from '@muster/client/failure';
import type { Machine } from '../../machine';
import { VERIFY_PAGE } from '../../repository';

/** `muster audit page` */
export const addAuditVerifyPage = (audit: Command, machine: Machine): void => {
  audit
    .command('page')
    .description('the check of an export as one HTML page, for an auditor without a terminal')
    .requiredOption('--out <file>', 'where it is written')
    .action((_options: object, command: Command) => {
      const context = contextOf(machine, command);
      const file = resolve(command.optsWithGlobals<{ out: string }>().out);
      if (existsSync(file)) throw badUsage(`${file} exists.`, 'Name another file.');
      copyFileSync(VERIFY_PAGE, file, constants.COPYFILE_EXCL);
      context.answer({ file }, () => `Written to ${file}: open it in a browser; it needs no network.`);
    });
};
