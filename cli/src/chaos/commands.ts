import type { Command } from 'commander';
import { EXPERIMENTS } from '@muster/chaos';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { declarationPage, experimentList, liftedPage, runsPage, statusPage, stoppedPage } from './pages';
import { withRequestId } from '../options/changing';
import { addChaosRun } from './run-command';
import { experimentNamed } from './experiment-named';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

/** `muster chaos …` */
export const addChaosCommands = (program: Command, machine: Machine): void => {
  const chaos = program.command('chaos').description('safe, measured experiments on the brakes, on staging');
  addReading(chaos, machine);
  addChaosRun(chaos, machine);
  addStopping(chaos, machine);
};

interface RunsOptions extends PagingOptions {
  experiment?: string;
}

const addReading = (chaos: Command, machine: Machine): void => {
  chaos
    .command('list')
    .description('the experiments that there are')
    .action((_options: object, command: Command) => {
      const { answer, page } = contextOf(machine, command);
      const all = Object.values(EXPERIMENTS);
      const told = all.map(({ name, declaration }) => ({ name, title: declaration.title }));
      answer({ experiments: told }, () => experimentList(all, page));
    });
  chaos
    .command('show')
    .description('what an experiment does, in the form of the Chaos Toolkit with --json')
    .argument('<name>', 'which experiment')
    .action((name: string, _options: object, command: Command) => {
      const { answer, page } = contextOf(machine, command);
      const { declaration } = experimentNamed(name);
      answer(declaration, () => declarationPage(declaration, page));
    });
  asks(
    chaos.command('status').description('whether experiments may be run here, and which are armed'),
    'chaos-status',
  ).action((_options: object, command: Command) => contextOf(machine, command).ask('chaos-status', {}, statusPage));
  asks(withPaging(chaos.command('runs').description('experiments that were run, newest first')), 'chaos-list')
    .option('--experiment <name>', 'only this one')
    .action(async (options: RunsOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = { experiment: options.experiment, ...pageAsked(options) };
      if (!options.all) return context.ask('chaos-list', asked, runsPage);
      const experiments = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('chaos-list', { ...asked, cursor });
        return { items: page.experiments, nextCursor: page.nextCursor };
      });
      const response = { experiments, nextCursor: null };
      return context.answer(response, (shown) => runsPage(shown, context.page));
    });
};

interface Identified {
  requestId?: string;
}

const addStopping = (chaos: Command, machine: Machine): void => {
  asks(
    withRequestId(chaos.command('stop').description('halt and undo every experiment, and block new ones until lifted')),
    'chaos-stop',
  )
    .argument('<reason>', 'why, at least 10 characters')
    .action((reason: string, options: Identified, command: Command) =>
      contextOf(machine, command).change('chaos-stop', { reason, ...options }, stoppedPage),
    );
  asks(withRequestId(chaos.command('lift').description('let experiments be run again')), 'chaos-lift')
    .argument('<reason>', 'why, at least 10 characters')
    .action((reason: string, options: Identified, command: Command) =>
      contextOf(machine, command).change('chaos-lift', { reason, ...options }, liftedPage),
    );
};
