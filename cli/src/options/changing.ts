import type { Command } from 'commander';

/** Every command that changes something takes it. */
export const withRequestId = (command: Command): Command =>
  command.option('--request-id <id>', 'repeat a change safely: the same id is done once (made up if left out)');

/** An option that may be given several times. */
export const collected = (value: string, before: string[] = []): string[] => [...before, value];
