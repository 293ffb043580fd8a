import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { typed, whereTo } from '../output/command-line';
import { degradedEntered, degradedExited } from './pages';
import { MODES_HELP, modeNeeded, modeTyped } from './mode-typed';
import { withRequestId } from '../options/changing';
import { needsAnother } from '../output/second-person';

interface EnterOptions {
  mode?: string;
  reason: string;
  details?: string;
  until?: string;
  requestId?: string;
}

interface ExitOptions extends Partial<EnterOptions> {
  breakGlass?: boolean;
}

/** `muster degraded …` */
export const addDegradedCommands = (program: Command, machine: Machine): void => {
  const degraded = program.command('degraded').description('put the product into a degraded mode, and out again');

  asks(
    withRequestId(degraded.command('enter').description('enter a mode; it binds once this has returned')),
    'policy-enterDegraded',
  )
    .argument('[mode]', MODES_HELP)
    .option('--mode <mode>', 'the same as an option')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .option('--details <text>', 'more about it')
    .option('--until <time>', 'ends by itself then: ISO 8601 with a zone')
    .action((named: string | undefined, { mode, ...options }: EnterOptions, command: Command) =>
      contextOf(machine, command).change(
        'policy-enterDegraded',
        { mode: modeNeeded(named, mode), ...options },
        degradedEntered,
      ),
    );

  asks(
    withRequestId(
      degraded.command('exit').description('end the mode that is on; that none is on is said, not an error'),
    ),
    'policy-exitDegraded',
  )
    .argument('[mode]', 'end it only if it is this one')
    .option('--mode <mode>', 'the same as an option')
    .option('--reason <text>', 'why')
    .option('--details <text>', 'more about it')
    .option('--break-glass', 'as an admin, without a second person; marked in the audit and reported')
    .action(async (argument: string | undefined, { mode, ...options }: ExitOptions, command: Command) => {
      const context = contextOf(machine, command);
      const asked = modeTyped(argument, mode);
      const named = asked === undefined ? '' : ` ${typed(asked)}`;
      const again = `muster degraded exit${named} --reason 'WHY, IN A SENTENCE' ${whereTo(context.destination())}`;
      try {
        await context.change('policy-exitDegraded', { mode: asked, ...options }, (response, page) =>
          degradedExited(response, { asked, command: again }, page),
        );
      } catch (error) {
        throw needsAnother(error, 'NOT ENDED YET', again);
      }
    });
};
