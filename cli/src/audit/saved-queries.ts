import type { Command } from 'commander';
import { contextOf, type CommandContext } from '../command-context';
import { badUsage } from '@muster/client/failure';
import { asks, asksEach } from '../field-names';
import type { Machine } from '../machine';
import { queriesPage, queryDeleted, querySaved } from './pages';
import { filtersTyped, isSameName, withFilters, type FilterOptions } from './filters';
import { withRequestId } from '../options/changing';

/** `muster audit queries …`; alone, it lists them. */
export const addSavedQueries = (audit: Command, machine: Machine): void => {
  const queries = audit.command('queries').description('queries that the team keeps: muster audit --saved NAME');
  asks(
    queries.command('list', { isDefault: true }).description('those that are kept, by name (also without "list")'),
    'audit-queries-list',
  ).action((_: object, command: Command) => contextOf(machine, command).ask('audit-queries-list', {}, queriesPage));
  asks(
    withRequestId(withFilters(queries.command('save').description('keep a query; a name that is taken is replaced'))),
    'audit-queries-save',
    QUERY_FIELDS,
  )
    .argument('<name>', 'what the team calls it')
    .action((name: string, options: FilterOptions & { requestId?: string }, command: Command) => {
      const { requestId } = options;
      const query = Object.fromEntries(
        Object.entries(filtersTyped(options)).filter(([, value]) => value !== undefined),
      );
      return contextOf(machine, command).change('audit-queries-save', { name, query, requestId }, querySaved);
    });
  asksEach(withRequestId(queries.command('delete').description('keep a query no longer')), {
    'audit-queries-delete': {},
    'audit-queries-list': {},
  })
    .argument('<query>', 'its name, or its id: qry_…')
    .action(async (said: string, options: { requestId?: string }, command: Command) => {
      const context = contextOf(machine, command);
      return context.change('audit-queries-delete', { queryId: await idOf(context, said), ...options }, queryDeleted);
    });
};

const idOf = async (context: CommandContext, said: string): Promise<string> => {
  if (/^qry_[a-z0-9]+$/u.test(said)) return said;
  const { queries } = await context.fetch('audit-queries-list', {});
  const kept = queries.find(({ name }) => isSameName(name, said));
  if (kept) return kept.id;
  throw badUsage(`No query is kept as "${said}". Nothing was deleted.`, 'Those that are: muster audit queries.');
};

/** The query is one field, and each of its filters an option of its own. */
const QUERY_FIELDS = {
  query: 'the filters',
  'query.actionPrefix': '--action-prefix',
  'query.action': '--action',
  'query.text': '--text',
  'query.actorId': '--actor',
  'query.target': '--target',
  'query.outcome': '--outcome',
  'query.severity': '--severity',
  'query.ip': '--ip',
  'query.sessionId': '--session',
  'query.drillId': '--drill',
  'query.incidentId': '--incident',
  'query.correlationId': '--correlation-id',
  'query.callerRequestId': '--caller-request-id',
  'query.from': '--from',
  'query.to': '--to',
} as const;
