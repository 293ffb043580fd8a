import type { Command } from 'commander';
import { capabilities } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { catalogPage } from './catalog-page';
import { forbiddenNow } from './forbidden-now';

/** `muster capability …`: what can be stopped. Asks nobody, unless the question is what is forbidden now. */
export const addCapabilityCommands = (program: Command, machine: Machine): void => {
  const capability = program.command('capability').description('what can be stopped, and what forbids what');
  asks(
    capability.command('list').description('the catalog, and what each mode and a kill switch forbids'),
    'policy-get',
  )
    .option('--now', 'ask which of them are forbidden now')
    .action(async ({ now = false }: { now?: boolean }, command: Command) => {
      const context = contextOf(machine, command);
      if (!now) {
        const response = { catalog: capabilities.CAPABILITY_CATALOG, forbids: capabilities.FORBIDDEN };
        return context.answer(response, () => catalogPage(undefined, context.page));
      }
      const state = forbiddenNow(await context.fetch('policy-get', {}));
      return context.answer(state, (shown) => catalogPage(shown, context.page));
    });
};
