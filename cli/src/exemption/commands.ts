import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { exemptionGranted, exemptionList, exemptionRevoked } from './pages';
import { typed, whereTo } from '../output/command-line';
import { needsAnother } from '../output/second-person';
import { withRequestId } from '../options/changing';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

interface GrantOptions {
  owner: string;
  reason: string;
  until: string;
  breakGlass?: boolean;
  requestId?: string;
}

interface ListOptions extends PagingOptions {
  owner?: string;
  capability?: string;
}

/** `muster exemption …` */
export const addExemptionCommands = (program: Command, machine: Machine): void => {
  const exemption = program.command('exemption').description('who passes what is restricted, all the same');

  asks(
    withRequestId(
      exemption
        .command('grant')
        .description('let one owner pass what restricts a capability now; where two persons are needed, ask for it'),
    ),
    'exemptions-grant',
    { justification: '--reason' },
  )
    .argument('<capability>', 'the whole name: shipping.commit')
    .requiredOption('--owner <uid>', 'for whom')
    .requiredOption('--until <time>', 'until when, 7 days at most: ISO 8601 with a zone')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--break-glass', 'as an admin, without a second person; marked in the audit and reported')
    .action(async (capability: string, { reason, ...options }: GrantOptions, command: Command) => {
      const context = contextOf(machine, command);
      const { owner, until } = options;
      const again = `muster exemption grant ${typed(capability)} --owner ${typed(owner)} --until ${typed(until)} --reason 'WHY, IN A SENTENCE' ${whereTo(context.destination())}`;
      try {
        await context.change('exemptions-grant', { capability, justification: reason, ...options }, (response, page) =>
          exemptionGranted(response, again, page),
        );
      } catch (error) {
        throw needsAnother(error, 'NOT EXEMPT YET', again);
      }
    });

  asks(
    withRequestId(exemption.command('revoke').description('end an exemption; it binds once this has returned')),
    'exemptions-revoke',
  )
    .argument('<exemption>', 'the id of the exemption')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: { reason: string; requestId?: string }, command: Command) =>
      contextOf(machine, command).change('exemptions-revoke', { exemptionId: id, ...options }, exemptionRevoked),
    );

  asks(withPaging(exemption.command('list').description('exemptions, newest first')), 'exemptions-list')
    .option('--owner <uid>', 'of this owner')
    .option('--capability <name>', 'from what restricts exactly this capability')
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = { owner: options.owner, capability: options.capability, ...pageAsked(options) };
      if (!options.all) return context.ask('exemptions-list', asked, exemptionList);
      const exemptions = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('exemptions-list', { ...asked, cursor });
        return { items: page.exemptions, nextCursor: page.nextCursor };
      });
      const response = { exemptions, nextCursor: null };
      return context.answer(response, (shown) => exemptionList(shown, context.page));
    });
};
