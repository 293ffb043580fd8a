import type { Command } from 'commander';
import { audit, values } from '@muster/contract';
import { badUsage } from '@muster/client/failure';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { CommandContext } from '../command-context';

/** What entries are asked for by; every command that asks for entries takes these. */
export interface FilterOptions {
  actionPrefix?: string;
  action?: string;
  text?: string;
  actor?: string;
  target?: string;
  outcome?: string;
  severity?: string;
  ip?: string;
  session?: string;
  drill?: string;
  incident?: string;
  correlationId?: string;
  callerRequestId?: string;
  from?: string;
  to?: string;
  saved?: string;
}

export const withFilters = (command: Command): Command => withTimes(withFiltersButTimes(command));

export const withFiltersButTimes = (command: Command): Command =>
  withEqualFilters(
    command
      .option('--action-prefix <prefix>', 'actions that begin so; it may end anywhere: studio_ops.degraded_mode_')
      .option('--action <action>', 'exactly this action')
      .option('--text <word>', 'a word of the reason, or its beginning; goes with --action, not with --action-prefix')
      .option('--actor <uid>', 'by this user, schedule or operator'),
  );

/** Those that compare a field, and that a count takes too. */
export const withEqualFilters = (command: Command): Command =>
  command
    .option('--target <path>', 'on this: drills/drl_…, staff/UID, policy/current')
    .option('--outcome <outcome>', either(audit.auditOutcome.options))
    .option('--severity <severity>', either(values.severity.options))
    .option('--ip <address>', 'requested from this address')
    .option('--session <session>', 'in this sign-in: ses_…')
    .option('--drill <drill>', 'that belong to this drill')
    .option('--incident <incident>', 'that belong to this incident')
    .option('--correlation-id <id>', 'of this request: its correlation id, or the id that its caller gave it')
    .option('--caller-request-id <id>', 'of requests to which their callers gave this id (x-request-id)');

export const withTimes = (command: Command): Command =>
  command
    .option('--from <time>', 'at this time or later: ISO 8601 with a zone')
    .option('--to <time>', 'before this time');

export const withSaved = (command: Command): Command =>
  asks(command, 'audit-queries-list').option(
    '--saved <name>',
    'a query that is kept (muster audit queries); what else is typed goes before it',
  );

/** As typed, in the words of the contract. */
export const filtersTyped = (options: FilterOptions) => ({
  actionPrefix: options.actionPrefix,
  action: options.action,
  text: options.text,
  actorId: options.actor,
  from: options.from,
  to: options.to,
  ...equalFiltersTyped(options),
});

export const equalFiltersTyped = (options: Omit<FilterOptions, 'actionPrefix' | 'actor'>) => ({
  target: options.target,
  outcome: options.outcome,
  severity: options.severity,
  ip: options.ip,
  sessionId: options.session,
  drillId: options.drill,
  incidentId: options.incident,
  correlationId: options.correlationId,
  callerRequestId: options.callerRequestId,
});

/** What was typed, over what is kept under the name that was typed. */
export const filtersAsked = async (
  { fetch }: Pick<CommandContext, 'fetch'>,
  options: FilterOptions,
): Promise<ReturnType<typeof filtersTyped>> => {
  const typed = filtersTyped(options);
  if (options.saved === undefined) return typed;
  const { queries } = await fetch('audit-queries-list', {});
  const kept = queries.find(({ id, name }) => id === options.saved || isSameName(name, options.saved));
  if (!kept) {
    throw badUsage(
      `No query is kept as "${options.saved}".`,
      queries.length === 0
        ? 'None is kept: muster audit queries save NAME --actor …'
        : `There are: ${queries.map(({ name }) => name).join(', ')}.`,
    );
  }
  const said = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  return { ...typed, ...kept.query, ...said };
};

/** However its letters are written, as the backend compares them. */
export const isSameName = (one: string, other: string | undefined): boolean =>
  other !== undefined && sameLetters(one) === sameLetters(other);

const sameLetters = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** How the contract's fields are typed, where option and field differ. */
export const FILTER_FIELDS = { actorId: '--actor' } as const;
