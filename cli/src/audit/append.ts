import type { Command } from 'commander';
import { contextOf } from '../command-context';
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
  withRequestId(audit.command('append').description("an entry of the product's own, in a namespace that is declared"))
    .requiredOption('--action <action>', 'what was done: shop.order_paid; what it begins with is declared')
    .requiredOption('--target <path>', 'on what: orders/123')
    .option('--reason <text>', 'why')
    .option('--outcome <outcome>', 'success (if left out), failed or refused')
    .option('--severity <severity>', 'P0, P1, P2 or P3')
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

export const APPEND_FIELDS = { metadata: '--metadata' };
