import type { Command } from 'commander';
import { auditQueries } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { Machine } from '../machine';
import { statsPage } from './stats-page';
import { equalFiltersTyped, withEqualFilters, withTimes, type FilterOptions } from './filters';
import { collected } from '../options/changing';

interface StatsOptions extends Omit<FilterOptions, 'actionPrefix' | 'actor'> {
  bucket: string;
  actionPrefix?: string[];
  actor?: string[];
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** `muster audit stats` */
export const addStats = (audit: Command, machine: Machine): void => {
  const stats = audit.command('stats').description('how many entries there are, over time; none of them is read');
  asks(withTimes(withEqualFilters(stats)), 'audit-stats', { actions: '--action-prefix', actors: '--actor' })
    .option('--bucket <length>', `${either(auditQueries.statsBucket.options)}, in UTC`, 'day')
    .option('--action-prefix <prefix>', 'actions that begin so, counted by themselves (repeatable)', collected)
    .option('--actor <uid>', 'what this one did, counted by itself (repeatable)', collected)
    .addHelpText('after', '\nThe last seven days, unless --from or --to says otherwise.')
    .action((options: StatsOptions, command: Command) => {
      const to = options.to ?? machine.now().toISOString();
      const asked = {
        from: options.from ?? weekBefore(to),
        to,
        bucket: options.bucket,
        actions: options.actionPrefix,
        actors: options.actor,
        ...equalFiltersTyped(options),
      };
      return contextOf(machine, command).ask('audit-stats', asked, statsPage(asked));
    });
};

/** What is no time is left for the contract to refuse. */
const weekBefore = (to: string): string => {
  const at = Date.parse(to);
  return Number.isNaN(at) ? to : new Date(at - WEEK_MS).toISOString();
};
