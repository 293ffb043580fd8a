import type { Command } from 'commander';
import { EXPORT_FORMATS } from '@muster/tlog/export';
import { PERSONAL_FIELDS } from '@muster/tlog/leaf';
import { either } from '../../options/either';
import { PAGE_FIELDS } from '../asked-unseen';
import { contextOf } from '../../command-context';
import type { ExportOptions } from './export-plan';
import { runExport } from './run-export';
import { tellVerdict } from './verdict-page';
import { verifyFile } from './verify-file';
import { asksEach } from '../../field-names';
import type { Machine } from '../../machine';

/** `muster audit export` */
export const addAuditExport = (audit: Command, machine: Machine): void => {
  asksEach(audit.command('export'), {
    'audit-export': { ...PAGE_FIELDS, entryId: 'the entry' },
    'audit-range': {},
    'audit-seal': {},
  })
    .description('entries with their proofs and the signed head, in a file that anybody can check')
    .requiredOption('--out <file>', 'the file; it must not exist yet')
    .option('--from <time>', 'every entry of this time or later: ISO 8601 with a zone')
    .option('--to <time>', 'every entry before this time')
    .option('--drill <drill>', 'entries of this drill alone')
    .option('--incident <incident>', 'entries of this incident alone')
    .option('--format <format>', `${either(EXPORT_FORMATS)} (jsonl if left out)`)
    .option('--withhold <fields>', `personal, or some of ${PERSONAL_FIELDS.join(',')}`)
    .option('--seal', 'seal what waits first')
    .option('--resume', 'only go on with what was interrupted (the same command does so by itself)')
    .action(async (_options: object, command: Command) => {
      const context = contextOf(machine, command);
      const file = await runExport(context, command.optsWithGlobals<ExportOptions>());
      // What cannot be verified is written all the same, because it is evidence too, and is told at once.
      tellVerdict(context, file, await verifyFile(context, file, {}));
    });
};
