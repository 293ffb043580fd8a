import type { Command } from 'commander';

/** A user, one way or the other. */
export const withPerson = (command: Command): Command =>
  command.option('--email <email>', 'the user, by e-mail').option('--uid <uid>', 'the user, by uid');
