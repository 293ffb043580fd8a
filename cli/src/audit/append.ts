import type { Command } from 'commander';
import { audit as contract, values } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { Machine } from '../machine';
import { entryAppended } from './pages';
import { withRequestId } from '../options/changing';
import { jsonTyped } from '../options/json-option';

interface AppendOptions {
  action: string;
  target: string;
  reason?: string;
  outcome?: string;
  severity?: string;
  drill?: string;
  incident?: string;
  metadata?: string;
  requestId?: string;
}

/** `muster audit append`: an entry of the product's own. */
export const addAppend = (audit: Command, machine: Machine): void => {
  asks(
    withRequestId(
      audit.command('append').description("an entry of the product's own, in a namespace that is declared"),
    ),
    'audit-append',
    { rationale: '--reason' },
  )
    .requiredOption('--action <action>', 'what was done: shop.order_paid; what it begins with is declared')
    .requiredOption('--target <path>', 'on what: orders/123')
    .option('--reason <text>', 'why')
    .option('--outcome <outcome>', `${either(contract.auditOutcome.options)} (success if left out)`)
    .option('--severity <severity>', either(values.severity.options))
    .option('--drill <drill>', 'the drill that it belongs to; marks it as an exercise')
    .option('--incident <incident>', 'the incident that it belongs to')
    .option('--metadata <json>', 'more about it: a JSON object, at most 8 KiB')
    .action((options: AppendOptions, command: Command) => {
      const { action, target, reason, outcome, severity, drill, incident, metadata, requestId } = options;
      const more = metadata === undefined ? undefined : jsonTyped('--metadata', metadata);
      const asked = { action, target, rationale: reason, outcome, severity, drillId: drill, incidentId: incident };
      return contextOf(machine, command).change('audit-append', { ...asked, metadata: more, requestId }, entryAppended);
    });
};
