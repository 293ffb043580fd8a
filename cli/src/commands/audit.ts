import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { auditPage } from '../output/audit-page';
import { addAppend, APPEND_FIELDS } from './audit-append';
import { addAuditEvidenceCommands } from './audit-evidence';
import { FILTER_FIELDS, filtersAsked, withFilters, withSaved, type FilterOptions } from './audit-filters';
import { addAuditKeygen } from './audit-keygen';
import { addAuditLogCommands } from './audit-log';
import { addSavedQueries, SAVED_QUERY_FIELDS } from './audit-queries';
import { addStats, STATS_FIELDS } from './audit-stats';
import { addTail } from './audit-tail';
import { addAuditSubmit } from './audit-submit';
import { addAuditWitness } from './audit-witness';
import { allPages, pageAsked, withPaging, type PagingOptions } from './paging';

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
  withPaging(withSaved(withFilters(query))).action(async (options: FilterOptions & PagingOptions, command: Command) => {
    const context = contextOf(machine, command);
    const asked = { ...(await filtersAsked(context, options)), ...pageAsked(options) };
    if (!options.all) return context.ask('audit-query', asked, auditPage);
    const entries = await allPages(options.cursor, async (cursor) => {
      const page = await context.fetch('audit-query', { ...asked, cursor });
      return { items: page.entries, nextCursor: page.nextCursor };
    });
    const response = { entries, nextCursor: null };
    return context.answer(response, () => auditPage(response, context.page));
  });
};

/** Fields of the contract as they are typed here. */
export const AUDIT_FIELDS = { ...FILTER_FIELDS, ...SAVED_QUERY_FIELDS, ...STATS_FIELDS, ...APPEND_FIELDS };
