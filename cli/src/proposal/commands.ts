import type { Command } from 'commander';
import { proposals as contract } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { either } from '../options/either';
import type { Machine } from '../machine';
import { proposalDecided, proposalExecuted, proposalList, proposalReopened, proposalRequested } from './pages';
import { withRequestId } from '../options/changing';
import { jsonTyped } from '../options/json-option';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

interface RequestOptions {
  reason: string;
  input?: string;
  agent?: string;
  ownerLabel?: string;
  preview?: string;
  effect?: string[];
  owner?: string;
  delegation?: string;
  scope?: string;
  requestId?: string;
}

interface DecisionOptions {
  reason?: string;
  requestId?: string;
}

interface ExecuteOptions {
  agent?: string;
  output?: string;
  requestId?: string;
}

interface ListOptions extends PagingOptions {
  status?: string;
  capability?: string;
  actor?: string;
}

/** `muster proposal …` */
export const addProposalCommands = (program: Command, machine: Machine): void => {
  const proposal = program
    .command('proposal')
    .alias('action')
    .description('propose something, approve it, and do it at most once');
  addRequest(proposal, machine);
  addDecision(proposal, machine, 'approve');
  addDecision(proposal, machine, 'reject');
  asks(
    withRequestId(proposal.command('reopen').description('bring a rejected proposal back, as an admin')),
    'proposals-reopen',
  )
    .argument('<proposal>', 'the id of the proposal')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .action((id: string, options: DecisionOptions, command: Command) =>
      contextOf(machine, command).change('proposals-reopen', { proposalId: id, ...options }, proposalReopened),
    );

  asks(
    withRequestId(proposal.command('execute').description('take an approved proposal, once: whoever gets it does it')),
    'proposals-execute',
  )
    .argument('<proposal>', 'the id of the proposal')
    .option('--agent <uid>', 'the agent that does it, as the proposal names it')
    .option('--output <json>', 'what came of it, as JSON; kept with the proposal')
    .action((id: string, { output, ...options }: ExecuteOptions, command: Command) =>
      contextOf(machine, command).change(
        'proposals-execute',
        { proposalId: id, ...options, output: output === undefined ? undefined : jsonTyped('--output', output) },
        proposalExecuted,
      ),
    );
  addList(proposal, machine);
};

const addRequest = (proposal: Command, machine: Machine) =>
  asks(
    withRequestId(proposal.command('request').description('propose something that staff must approve')),
    'proposals-request',
    { rationale: '--reason', previewSummary: '--preview', expectedEffects: '--effect' },
  )
    .argument('<capability>', 'what is to be done: shipping.commit')
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--input <json>', 'what exactly, as a JSON object; handed back at execution')
    .option('--preview <text>', 'what it will do, in short, for whoever approves it')
    .option('--effect <text...>', 'what it will do, one by one')
    .option('--agent <uid>', 'an agent that you run, which is to do it; staff alone')
    .option('--owner <uid>', 'for whom, if not for yourself')
    .option('--owner-label <text>', 'for whom, as a word for people; it gives nothing')
    .option('--delegation <delegation>', 'the delegation that lets you act for the owner')
    .option('--scope <text>', 'what it is done to, as the delegation names it')
    .action((capability: string, { reason, input, preview, effect, ...options }: RequestOptions, command: Command) =>
      contextOf(machine, command).change(
        'proposals-request',
        {
          capability,
          rationale: reason,
          input: input === undefined ? undefined : jsonTyped('--input', input),
          previewSummary: preview,
          expectedEffects: effect,
          ...options,
        },
        proposalRequested,
      ),
    );

const addDecision = (proposal: Command, machine: Machine, name: 'approve' | 'reject') =>
  asks(withRequestId(proposal.command(name).description(`${name} a proposal`)), `proposals-${name}`)
    .argument('<proposal>', 'the id of the proposal')
    .option('--reason <text>', 'why')
    .action((id: string, options: DecisionOptions, command: Command) =>
      contextOf(machine, command).change(`proposals-${name}`, { proposalId: id, ...options }, proposalDecided),
    );

const addList = (proposal: Command, machine: Machine) =>
  asks(withPaging(proposal.command('list').description('proposals, newest first')), 'proposals-list')
    .option('--status <status>', either(contract.listProposals.request.shape.status.unwrap().options))
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
      return context.answer(response, (shown) => proposalList(shown, context.page));
    });
