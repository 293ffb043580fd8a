import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { proposalDecided, proposalExecuted, proposalList, proposalRequested } from './pages';
import { withRequestId } from '../options/changing';
import { jsonTyped } from '../options/json-option';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

interface RequestOptions {
  reason: string;
  input?: string;
  owner?: string;
  delegation?: string;
  scope?: string;
  requestId?: string;
}

interface DecisionOptions {
  reason?: string;
  requestId?: string;
}

interface ListOptions extends PagingOptions {
  status?: string;
  capability?: string;
  actor?: string;
}

/** `muster proposal …` */
export const addProposalCommands = (program: Command, machine: Machine): void => {
  const action = program.command('action').description('propose something, approve it, and do it at most once');
  addRequest(action, machine);
  addDecision(action, machine, 'approve');
  addDecision(action, machine, 'reject');

  withRequestId(action.command('execute').description('take an approved proposal, once: whoever gets it does it'))
    .argument('<proposal>', 'the id of the proposal')
    .action((id: string, options: DecisionOptions, command: Command) =>
      contextOf(machine, command).change('proposals-execute', { proposalId: id, ...options }, proposalExecuted),
    );
  addList(action, machine);
};

const addRequest = (action: Command, machine: Machine) =>
  withRequestId(action.command('request').description('propose something that staff must approve'))
    .argument('<capability>', 'what is to be done: shipping.commit')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--input <json>', 'what exactly, as a JSON object; handed back at execution')
    .option('--owner <uid>', 'for whom, if not for yourself')
    .option('--delegation <delegation>', 'the delegation that lets you act for the owner')
    .option('--scope <text>', 'what it is done to, as the delegation names it')
    .action((capability: string, { reason, input, ...options }: RequestOptions, command: Command) =>
      contextOf(machine, command).change(
        'proposals-request',
        {
          capability,
          rationale: reason,
          input: input === undefined ? undefined : jsonTyped('--input', input),
          ...options,
        },
        proposalRequested,
      ),
    );

const addDecision = (action: Command, machine: Machine, name: 'approve' | 'reject') =>
  withRequestId(action.command(name).description(`${name} a proposal`))
    .argument('<proposal>', 'the id of the proposal')
    .option('--reason <text>', 'why')
    .action((id: string, options: DecisionOptions, command: Command) =>
      contextOf(machine, command).change(`proposals-${name}`, { proposalId: id, ...options }, proposalDecided),
    );

const addList = (action: Command, machine: Machine) =>
  withPaging(action.command('list').description('proposals, newest first'))
    .option('--status <status>', 'proposed, approved, rejected or executed')
    .option('--capability <name>', 'for exactly this capability')
    .option('--actor <uid>', 'proposed by this user or agent')
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(machine, command);
      const { status, capability, actor } = options;
      const asked = { status, capability, actor, ...pageAsked(options) };
      if (!options.all) return context.ask('proposals-list', asked, proposalList);
      const proposals = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('proposals-list', { ...asked, cursor });
        return { items: page.proposals, nextCursor: page.nextCursor };
      });
      const response = { proposals, nextCursor: null };
      return context.answer(response, () => proposalList(response, context.page));
    });

export const PROPOSAL_FIELDS = {
  proposalId: 'PROPOSAL',
  rationale: '--reason',
  input: '--input',
  delegation: '--delegation',
  actor: '--actor',
};
