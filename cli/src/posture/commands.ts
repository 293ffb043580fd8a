import type { Command } from 'commander';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { posturePage } from './page';

/** `muster posture`: what was proven of each control, and how long ago. */
export const addPostureCommand = (program: Command, machine: Machine): void => {
  asks(
    program.command('posture').description('what is proven of each control, and how long ago'),
    'posture-get',
  ).action((_options: object, command: Command) => contextOf(machine, command).ask('posture-get', {}, posturePage));
};
