import type { Command } from 'commander';
import { policy as contract } from '@muster/contract';
import { contextOf } from '../command-context';
import { badUsage } from '@muster/client/failure';
import { asks } from '../field-names';
import { dashed, either } from '../options/either';
import type { Machine } from '../machine';
import { typed, whereTo } from '../output/command-line';
import { restored } from './kill-switch-page';
import { ledgerPage } from './ledger-page';
import { policyPage } from './policy-page';
import { withRequestId } from '../options/changing';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';
import { addKillCommand } from './kill-command';
import { needsAnother } from '../output/second-person';

/** `muster policy …`; alone, it shows what is restricted now. */
export const addPolicyCommands = (program: Command, machine: Machine): void => {
  const policy = program.command('policy').description('what is restricted now; kill a capability, and restore it');
  asks(
    policy
      .command('show', { isDefault: true })
      .description('the mode and every kill switch that is on (also without "show")'),
    'policy-get',
  ).action((_options: object, command: Command) => contextOf(machine, command).ask('policy-get', {}, policyPage));
  addKillCommand(policy, machine);
  addRestore(policy, machine);
  addLedger(policy, machine);
};

interface RestoreOptions {
  reason: string;
  breakGlass?: boolean;
  requestId?: string;
}

const addRestore = (policy: Command, machine: Machine) =>
  asks(
    withRequestId(policy.command('restore').description('end a kill switch; where two persons are needed, ask for it')),
    'policy-restore',
  )
    .argument('<capability>', "the name as it was killed; '*' quoted")
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--break-glass', 'as an admin, without a second person; marked in the audit and reported')
    .action(async (capability: string, options: RestoreOptions, command: Command) => {
      const context = contextOf(machine, command);
      const again = `muster policy restore ${typed(capability)} --reason 'WHY, IN A SENTENCE' ${whereTo(context.destination())}`;
      try {
        await context.change('policy-restore', { capability, ...options }, (response, page) =>
          restored(response, { capability, command: again }, page),
        );
      } catch (error) {
        throw needsAnother(error, 'NOT RESTORED YET', again);
      }
    });

interface LedgerOptions extends PagingOptions {
  kind?: string;
  name?: string;
  on?: boolean;
  ended?: boolean;
}

const addLedger = (policy: Command, machine: Machine) =>
  asks(
    withPaging(policy.command('ledger').description('every activation: how long, by whom, why, what it refused')),
    'policy-ledger',
    { on: '--on or --ended' },
  )
    .option('--kind <kind>', either(dashed(contract.activationKind.options)))
    .option('--name <name>', "exactly this: a capability, '*', or a mode")
    .option('--on', 'only those that are on')
    .option('--ended', 'only those that have ended')
    .action(async (options: LedgerOptions, command: Command) => {
      const { kind, name, on, ended } = options;
      if (on && ended) throw badUsage('Nothing is on and ended.', 'Give --on, or --ended, or neither for all.');
      const context = contextOf(machine, command);
      const asked = {
        kind: kind?.replaceAll('-', '_'),
        name,
        on: on ?? (ended ? false : undefined),
        ...pageAsked(options),
      };
      if (!options.all) return context.ask('policy-ledger', asked, ledgerPage);
      const activations = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('policy-ledger', { ...asked, cursor });
        return { items: page.activations, nextCursor: page.nextCursor };
      });
      const response = { activations, nextCursor: null };
      return context.answer(response, (shown) => ledgerPage(shown, context.page));
    });
