import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { whereTo } from '../output/command-line';
import { connectorHealth, connectorList, connectorProbed, connectorRegistered } from './pages';
import { addQueueCommands } from './queue-commands';
import { killed, restored } from '../policy/kill-switch-page';
import { withRequestId } from '../options/changing';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';
import { needsAnother } from '../output/second-person';

/** `muster connector …`; alone, it shows how all of them are. */
export const addConnectorCommands = (program: Command, machine: Machine): void => {
  const connector = program.command('connector').description('outside systems: how they are, and what waits for them');
  asks(
    connector
      .command('health', { isDefault: true })
      .description('how each was found last; asks none of them (also without "health")'),
    'connectors-health',
    { limit: 'the number of connectors' },
  ).action((_options: object, command: Command) =>
    contextOf(machine, command).ask('connectors-health', {}, connectorHealth),
  );
  addRegister(connector, machine);
  asks(withPaging(connector.command('list').description('how each is set up, newest first')), 'connectors-list').action(
    async (options: PagingOptions, command: Command) => {
      const context = contextOf(machine, command);
      if (!options.all) return context.ask('connectors-list', pageAsked(options), connectorList);
      const connectors = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('connectors-list', { ...pageAsked(options), cursor });
        return { items: page.connectors, nextCursor: page.nextCursor };
      });
      const response = { connectors, nextCursor: null };
      return context.answer(response, (shown) => connectorList(shown, context.page));
    },
  );
  asks(withRequestId(connector.command('probe').description('ask it now')), 'connectors-probe')
    .argument('<connector>', 'its id')
    .action((connectorId: string, options: { requestId?: string }, command: Command) =>
      contextOf(machine, command).change('connectors-probe', { connectorId, ...options }, connectorProbed),
    );
  addPause(connector, machine);
  addQueueCommands(connector, machine);
};

interface RegisterOptions {
  url: string;
  title: string;
  deliverTo?: string;
  timeout?: string;
  failures?: string;
  retryAfter?: string;
  successes?: string;
  offlineAtLeast?: string;
  notRepeatable?: boolean;
  requestId?: string;
}

/** What is no number is refused by the contract, with the field's name. */
const numberTyped = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const addRegister = (connector: Command, machine: Machine) =>
  asks(
    withRequestId(connector.command('register').description('register one, or change how it is set up')),
    'connectors-register',
    {
      name: '--title',
      timeoutMs: '--timeout',
      failuresToOpen: '--failures',
      retryAfterSeconds: '--retry-after',
      successesToClose: '--successes',
      offlineAtLeastSeconds: '--offline-at-least',
      repeatable: '--not-repeatable',
    },
  )
    .argument('<connector>', 'its id, the word in its capabilities: github in connector.github.write')
    .requiredOption('--url <url>', 'what is asked once a minute: https, public')
    .requiredOption('--title <text>', 'what people call it')
    .option('--deliver-to <url>', 'where queued writes are posted to')
    .option('--timeout <ms>', 'for everything: name, connection, answer (2000)')
    .option('--failures <number>', 'failures in a row that put it offline (3)')
    .option('--retry-after <seconds>', 'for so long it is not asked then (60)')
    .option('--successes <number>', 'successes in a row that bring it back (3)')
    .option('--offline-at-least <seconds>', 'once offline, for so long at the least (300)')
    .option('--not-repeatable', 'its receiver may do a repeated delivery twice: what has no answer is a dead letter')
    .action((connectorId: string, options: RegisterOptions, command: Command) =>
      contextOf(machine, command).change(
        'connectors-register',
        {
          connectorId,
          name: options.title,
          url: options.url,
          deliverTo: options.deliverTo,
          timeoutMs: numberTyped(options.timeout),
          failuresToOpen: numberTyped(options.failures),
          retryAfterSeconds: numberTyped(options.retryAfter),
          successesToClose: numberTyped(options.successes),
          offlineAtLeastSeconds: numberTyped(options.offlineAtLeast),
          repeatable: options.notRepeatable ? false : undefined,
          requestId: options.requestId,
        },
        connectorRegistered,
      ),
    );

interface PauseOptions {
  reason: string;
  until?: string;
  breakGlass?: boolean;
  requestId?: string;
}

const addPause = (connector: Command, machine: Machine) => {
  asks(
    withRequestId(connector.command('pause').description('nothing is written to it; it binds once this has returned')),
    'connectors-pause',
  )
    .argument('<connector>', 'its id')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--until <time>', 'wears off then: ISO 8601 with a zone (left out, someone resumes it)')
    .action((connectorId: string, options: PauseOptions, command: Command) =>
      contextOf(machine, command).change('connectors-pause', { connectorId, ...options }, killed),
    );
  asks(
    withRequestId(connector.command('resume').description('end the pause; where two persons are needed, ask for it')),
    'connectors-resume',
  )
    .argument('<connector>', 'its id')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--break-glass', 'as an admin, without a second person; marked in the audit and reported')
    .action(async (connectorId: string, options: PauseOptions, command: Command) => {
      const context = contextOf(machine, command);
      const again = `muster connector resume ${connectorId} --reason 'WHY, IN A SENTENCE' ${whereTo(context.destination())}`;
      try {
        await context.change('connectors-resume', { connectorId, ...options }, (response, page) =>
          restored(response, { capability: `connector.${connectorId}`, command: again }, page),
        );
      } catch (error) {
        throw needsAnother(error, 'NOT RESUMED YET', again);
      }
    });
};
