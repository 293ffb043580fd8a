import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { auditPage } from './query-page';
import { addAppend } from './append';
import { addAuditEvidenceCommands } from './evidence/commands';
import { FILTER_FIELDS, filtersAsked, withFilters, withSaved, type FilterOptions } from './filters';
import { addAuditKeygen } from './witness/keygen-command';
import { addAuditLogCommands } from './log';
import { addSavedQueries } from './saved-queries';
import { addStats } from './stats';
import { addTail } from './tail';
import { addAuditSubmit } from './witness/submit-command';
import { addAuditWitness } from './witness/watch-command';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

/** `muster audit …`; alone, it asks. */
export const addAuditCommands = (program: Command, machine: Machine): void => {
  const audit = program.command('audit').description('who did what: ask, watch, count, prove and export it');
  addQuery(audit, machine);
  addTail(audit, machine);
  addStats(audit, machine);
  addSavedQueries(audit, machine);
  addAppend(audit, machine);
  addAuditLogCommands(audit, machine);
  addAuditEvidenceCommands(audit, machine);
  addAuditWitness(audit, machine);
  addAuditSubmit(audit, machine);
  addAuditKeygen(audit, machine);
};

/** A command of its own, so that its options are not taken for those of the others. */
const addQuery = (audit: Command, machine: Machine): void => {
  const query = audit
    .command('query', { isDefault: true })
    .description('who did what, newest first (also without "query")');
  asks(withPaging(withSaved(withFilters(query))), 'audit-query', FILTER_FIELDS).action(
    async (options: FilterOptions & PagingOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = { ...(await filtersAsked(context, options)), ...pageAsked(options) };
      if (!options.all) return context.ask('audit-query', asked, auditPage);
      const entries = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('audit-query', { ...asked, cursor });
        return { items: page.entries, nextCursor: page.nextCursor };
      });
      const response = { entries, nextCursor: null };
      return context.answer(response, (shown) => auditPage(shown, context.page));
    },
  );
};
