import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
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
  asks(
    audit
      .command('head')
      .description(
        'the signed head of the log: keep it somewhere else, and nothing before it can be changed unnoticed',
      ),
    'audit-head',
  )
    .option('--at-or-before <time>', 'the newest that was signed at this time or before')
    .option('--at-or-after <time>', 'the oldest that was signed at this time or after')
    .action((options: HeadOptions, command: Command) =>
      contextOf(machine, command).ask('audit-head', { ...options }, headPage),
    );
  asks(audit.command('seal').description('seal what waits now, instead of within the minute'), 'audit-seal').action(
    (_: object, command: Command) => contextOf(machine, command).ask('audit-seal', {}, sealedNow),
  );
  asks(
    withRequestId(audit.command('hold').description('a legal hold: every entry is kept until it is released')),
    'audit-hold',
  )
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((options: WhyOptions, command: Command) =>
      contextOf(machine, command).change('audit-hold', { ...options }, holdPlaced),
    );
  asks(
    withRequestId(audit.command('release').description('end a legal hold').argument('<hold>', 'its id: hld_…')),
    'audit-release',
  )
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((holdId: string, options: WhyOptions, command: Command) =>
      contextOf(machine, command).change('audit-release', { holdId, ...options }, holdReleased),
    );
  asks(audit.command('holds').description('legal holds, and for how long entries are kept'), 'audit-holds').action(
    (_: object, command: Command) => contextOf(machine, command).ask('audit-holds', {}, holdsPage),
  );
};
