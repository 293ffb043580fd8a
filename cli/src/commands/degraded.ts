import type { Command } from 'commander';
import { contextOf } from '../command-context';
import type { Machine } from '../machine';
import { degradedEntered, degradedExited } from '../output/policy-page';
import { withRequestId } from './changing';

interface EnterOptions {
  mode: string;
  reason: string;
  details?: string;
  until?: string;
  requestId?: string;
}

/** `muster degraded …` */
export const addDegradedCommands = (program: Command, machine: Machine): void => {
  const degraded = program.command('degraded').description('put the product into a degraded mode, and out again');

  withRequestId(degraded.command('enter').description('enter a mode; it binds once this has returned'))
    .requiredOption('--mode <mode>', 'degraded (announces), read_only (no guarded write) or offline (cloud only)')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .option('--details <text>', 'more about it')
    .option('--until <time>', 'ends by itself then: ISO 8601 with a zone')
    .action(({ mode, ...options }: EnterOptions, command: Command) =>
      contextOf(machine, command).change(
        'policy-enterDegraded',
        { mode: mode.replaceAll('-', '_'), ...options },
        degradedEntered,
      ),
    );

  withRequestId(degraded.command('exit').description('end the mode that is on; that none is on is said, not an error'))
    .option('--mode <mode>', 'end it only if it is this one')
    .option('--reason <text>', 'why')
    .option('--details <text>', 'more about it')
    .action(({ mode, ...options }: Partial<EnterOptions>, command: Command) =>
      contextOf(machine, command).change(
        'policy-exitDegraded',
        { mode: mode?.replaceAll('-', '_'), ...options },
        degradedExited,
      ),
    );
};
