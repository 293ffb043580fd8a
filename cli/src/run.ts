import { CommanderError, type Command } from 'commander';
import { AlreadyTold, EXIT, exitCodeOf } from './exit-codes';
import { namesOf, type NameOf } from './field-names';
import { asFailure, badUsage, type Failure } from '@muster/client/failure';
import type { Machine } from './machine';
import { failureJson, failureText } from './output/failure-text';
import { inkFor } from './output/ink';
import { legible } from './output/legible';
import { WIDEST } from './output/page';
import { buildProgram } from './program';
import { Interrupted } from './prompt';

/** Runs one command line and gives the exit code. */
export const run = async (machine: Machine, args: readonly string[]): Promise<number> => {
  let ran: Command | undefined;
  try {
    const program = buildProgram(machine).hook('preAction', (_, command) => {
      ran = command;
    });
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Interrupted) return EXIT.interrupted;
    if (error instanceof AlreadyTold) return error.exitCode;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    // Help that was shown because a command was missing is the message itself.
    if (error instanceof CommanderError && error.code === 'commander.help' && !args.includes('--json')) {
      return EXIT.usage;
    }
    const failure = error instanceof CommanderError ? usageFailure(error) : asFailure(error);
    tell(machine, args, failure, namesOf(ran));
    return exitCodeOf(failure);
  }
};

const usageFailure = ({ message }: CommanderError): Failure => {
  const [sentence = '', ...hints] = message.replace(/^error: /u, '').split('\n');
  const hint = hints.map((line) => line.replace(/^\((.*)\)$/u, '$1')).join(' ');
  const shown = sentence === '(outputHelp)' ? 'a command is missing' : sentence.replace(/\.$/u, '');
  return badUsage(`${shown.charAt(0).toUpperCase()}${shown.slice(1)}.`, `${hint} See --help.`.trim());
};

const tell = ({ stderr, env }: Machine, args: readonly string[], failure: Failure, nameOf: NameOf): void => {
  // Read from the line itself: it may be the line that could not be parsed.
  const text = args.includes('--json')
    ? failureJson(failure)
    : legible(
        failureText(
          failure,
          inkFor(stderr, env, !args.includes('--no-color')),
          Math.min(stderr.columns ?? WIDEST, WIDEST),
          nameOf,
        ),
      );
  stderr.write(`${text}\n`);
  if (env['MUSTER_DEBUG'] && failure.cause !== undefined) console.error(failure.cause);
};
