import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { delegationGranted, delegationList, delegationRevoked } from './pages';
import { collected, withRequestId } from '../options/changing';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

interface GrantOptions {
  agent: string;
  capability: string[];
  scope?: string;
  reason: string;
  expires: string;
  requestId?: string;
}

interface ListOptions extends PagingOptions {
  owner?: string;
  agent?: string;
}

/** `muster delegation …` */
export const addDelegationCommands = (program: Command, machine: Machine): void => {
  const delegation = program.command('delegation').description('what an agent may do for you, and until when');

  asks(
    withRequestId(delegation.command('grant').description('let an agent act for you; you are the owner')),
    'delegations-grant',
    { capabilities: '--capability', expiresAt: '--expires' },
  )
    .requiredOption('--agent <uid>', 'who may act')
    .requiredOption('--capability <name>', 'what: shipping.commit, or all of shipping (repeatable)', collected)
    .option('--scope <text>', "the one thing it is for, in your product's own words (left out, any)")
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--expires <time>', 'until when, 90 days at most: ISO 8601 with a zone')
    .action(({ capability, expires, ...options }: GrantOptions, command: Command) =>
      contextOf(machine, command).change(
        'delegations-grant',
        { ...options, capabilities: capability, expiresAt: expires },
        delegationGranted,
      ),
    );

  asks(
    withRequestId(delegation.command('revoke').description('end a delegation; it binds once this has returned')),
    'delegations-revoke',
  )
    .argument('<delegation>', 'the id of the delegation')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: { reason: string; requestId?: string }, command: Command) =>
      contextOf(machine, command).change('delegations-revoke', { delegationId: id, ...options }, delegationRevoked),
    );

  asks(
    withPaging(delegation.command('list').description("yours, newest first; staff and auditors see everyone's")),
    'delegations-list',
  )
    .option('--owner <uid>', 'granted by this user')
    .option('--agent <uid>', 'granted to this agent')
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = { owner: options.owner, agent: options.agent, ...pageAsked(options) };
      if (!options.all) return context.ask('delegations-list', asked, delegationList);
      const delegations = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('delegations-list', { ...asked, cursor });
        return { items: page.delegations, nextCursor: page.nextCursor };
      });
      const response = { delegations, nextCursor: null };
      return context.answer(response, (shown) => delegationList(shown, context.page));
    });
};
