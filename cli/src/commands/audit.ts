import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { auditPage } from '../output/audit-page';
import { allPages, pageAsked, withPaging, type PagingOptions } from './paging';

interface AuditOptions extends PagingOptions {
  actionPrefix?: string;
  actor?: string;
  target?: string;
  outcome?: string;
  correlationId?: string;
  from?: string;
  to?: string;
}

/** `muster audit` */
export const addAuditCommand = (program: Command, machine: Machine): void => {
  withPaging(program.command('audit').description('who did what, newest first'))
    .option('--action-prefix <prefix>', 'actions that begin so; it may end anywhere: studio_ops.degraded_mode_')
    .option('--actor <uid>', 'by this user, schedule or operator')
    .option('--target <path>', 'on this: drills/drl_…, staff/UID, policy/current')
    .option('--outcome <outcome>', 'success, failed or refused')
    .option('--correlation-id <id>', 'of this request')
    .option('--from <time>', 'at this time or later: ISO 8601 with a zone')
    .option('--to <time>', 'before this time')
    .action(async (options: AuditOptions, command: Command) => {
      const context = contextOf(machine, command);
      const { actionPrefix, actor, target, outcome, correlationId, from, to } = options;
      const asked = { actionPrefix, actorId: actor, target, outcome, correlationId, from, to, ...pageAsked(options) };
      if (!options.all) return context.ask('audit-query', asked, auditPage);
      const entries = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('audit-query', { ...asked, cursor });
        return { items: page.entries, nextCursor: page.nextCursor };
      });
      const response = { entries, nextCursor: null };
      return context.answer(response, () => auditPage(response, context.page));
    });
};

export const AUDIT_FIELDS = { actorId: '--actor', actionPrefix: '--action-prefix', correlationId: '--correlation-id' };
