import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { headPage, holdPlaced, holdReleased, holdsPage, sealedNow } from './log-pages';
import { withRequestId } from '../options/changing';

interface WhyOptions {
  reason: string;
  requestId?: string;
}

interface HeadOptions {
  atOrBefore?: string;
  atOrAfter?: string;
}

/** `muster audit head`, `seal`, `hold`, `release`, `holds`: the log that the entries are sealed in. */
export const addAuditLogCommands = (audit: Command, machine: Machine): void => {
  audit
    .command('head')
    .description('the signed head of the log: keep it somewhere else, and nothing before it can be changed unnoticed')
    .option('--at-or-before <time>', 'the newest that was signed at this time or before')
    .option('--at-or-after <time>', 'the oldest that was signed at this time or after')
    .action((options: HeadOptions, command: Command) =>
      contextOf(machine, command).ask('audit-head', { ...options }, headPage),
    );
  audit
    .command('seal')
    .description('seal what waits now, instead of within the minute')
    .action((_: object, command: Command) => contextOf(machine, command).ask('audit-seal', {}, sealedNow));
  withRequestId(audit.command('hold').description('a legal hold: every entry is kept until it is released'))
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((options: WhyOptions, command: Command) =>
      contextOf(machine, command).change('audit-hold', { ...options }, holdPlaced),
    );
  withRequestId(audit.command('release').description('end a legal hold').argument('<hold>', 'its id: hld_…'))
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((holdId: string, options: WhyOptions, command: Command) =>
      contextOf(machine, command).change('audit-release', { holdId, ...options }, holdReleased),
    );
  audit
    .command('holds')
    .description('legal holds, and for how long entries are kept')
    .action((_: object, command: Command) => contextOf(machine, command).ask('audit-holds', {}, holdsPage));
};

export const LOG_FIELDS = { atOrBefore: '--at-or-before', atOrAfter: '--at-or-after', holdId: '<hold>' };
