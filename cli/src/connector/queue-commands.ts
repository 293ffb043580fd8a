import type { Command } from 'commander';
import { connectors } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { Machine } from '../machine';
import { withRequestId } from '../options/changing';
import { jsonTyped } from '../options/json-option';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';
import { delivered, discarded, redelivered, released, sent, writeList } from './queue-pages';

interface WritesOptions extends PagingOptions {
  connector?: string;
  status?: string;
}

interface ReleaseOptions {
  deliverTo: string;
  reason: string;
  breakGlass?: boolean;
  requestId?: string;
}

/** `muster connector send`, `deliver`, `writes`, `redeliver`, `release`, `discard`: what waits for it. */
export const addQueueCommands = (connector: Command, machine: Machine) => {
  asks(
    withRequestId(connector.command('send').description('queue a write; it is delivered in order, once it can be')),
    'connectors-send',
    { writes: '--kind and --content', 'writes.0.kind': '--kind', 'writes.0.content': '--content' },
  )
    .argument('<connector>', 'its id')
    .requiredOption('--kind <text>', 'what it is, in the words of its receiver')
    .requiredOption('--content <json>', 'what is posted, a JSON object')
    .action((connectorId: string, options: { kind: string; content: string; requestId?: string }, command: Command) => {
      const { kind, content, requestId } = options;
      const writes = [{ kind, content: jsonTyped('--content', content) }];
      return contextOf(machine, command).change('connectors-send', { connectorId, writes, requestId }, sent);
    });
  asks(connector.command('deliver').description('deliver what waits for it, now'), 'connectors-deliver')
    .argument('<connector>', 'its id')
    .action((connectorId: string, _options: object, command: Command) =>
      contextOf(machine, command).ask('connectors-deliver', { connectorId }, delivered),
    );
  asks(
    withPaging(
      connector.command('writes').description('what waits, what was delivered, and dead letters, newest first'),
    ),
    'connectors-writes',
  )
    .option('--connector <connector>', 'for this one')
    .option('--status <status>', either(connectors.writeStatus.options))
    .action(async (options: WritesOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = { connectorId: options.connector, status: options.status, ...pageAsked(options) };
      if (!options.all) return context.ask('connectors-writes', asked, writeList);
      const writes = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('connectors-writes', { ...asked, cursor });
        return { items: page.writes, nextCursor: page.nextCursor };
      });
      const response = { writes, nextCursor: null };
      return context.answer(response, (shown) => writeList(shown, context.page));
    });
  asks(
    withRequestId(connector.command('redeliver').description('queue a dead letter once more, last in order')),
    'connectors-redeliver',
  )
    .argument('<write>', 'its id')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((writeId: string, options: { reason: string; requestId?: string }, command: Command) =>
      contextOf(machine, command).change('connectors-redeliver', { writeId, ...options }, redelivered),
    );
  asks(
    withRequestId(connector.command('release').description('let what waits go where the connector delivers now')),
    'connectors-release',
  )
    .argument('<connector>', 'its id')
    .requiredOption('--deliver-to <url>', 'the address that you agree to, as it stands (muster connector list)')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--break-glass', 'as an admin, without a second person; marked in the audit and reported')
    .action((connectorId: string, options: ReleaseOptions, command: Command) =>
      contextOf(machine, command).change('connectors-release', { connectorId, ...options }, released),
    );
  asks(
    withRequestId(connector.command('discard').description('let nothing go out that waits for it now')),
    'connectors-discard',
  )
    .argument('<connector>', 'its id')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((connectorId: string, options: { reason: string; requestId?: string }, command: Command) =>
      contextOf(machine, command).change('connectors-discard', { connectorId, ...options }, discarded),
    );
};
