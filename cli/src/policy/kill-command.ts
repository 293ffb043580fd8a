import { folded } from '../output/folded';
import type { Command } from 'commander';
import { contextOf, type CommandContext } from '../command-context';
import { killUntilStored, type OnFailed } from './kill-until-stored';
import { badUsage } from '@muster/client/failure';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { containedAtLast, notContainedText, stillNotContained, tryingAgain } from './containment-text';
import { failureJson } from '../output/failure-text';
import { inkFor } from '../output/ink';
import { killed } from './kill-switch-page';
import { legible } from '../output/legible';
import { withRequestId } from '../options/changing';

interface KillOptions {
  reason: string;
  until?: string;
  failedSince?: string;
  once?: boolean;
  requestId?: string;
  color: boolean;
}

/** `muster policy kill` */
export const addKillCommand = (policy: Command, machine: Machine): void => {
  asks(
    withRequestId(
      policy.command('kill').description('stop a capability, now, everywhere; it binds once this has returned'),
    ),
    'policy-kill',
  )
    .argument('<capability>', "what to stop: shipping.commit, all of shipping, or '*' (quoted) for everything")
    .requiredOption('--reason <text>', 'why, at least 10 characters')
    .option('--until <time>', 'wears off then: ISO 8601 with a zone (left out, someone restores it)')
    .option('--once', 'try once; else it tries every 5 s until it is stored')
    .option('--failed-since <time>', 'when an earlier attempt failed, for the incident of the time between')
    .allowExcessArguments()
    .action(async (capability: string, _options: KillOptions, command: Command) => {
      if (command.args.length > 1) throw notQuoted(command.args.length);
      const { reason, until, failedSince, once = false, requestId } = command.opts<KillOptions>();
      const context = contextOf(machine, command);
      const tell = tellerOf(context, command.optsWithGlobals<KillOptions>().color);
      const asked = { capability, reason, until, failedSince, requestId };
      const contained = await killUntilStored(context, asked, { once, onFailed: tell });
      context.answer(contained.answer.sent, () => {
        const response = folded(contained.answer.checked());
        const page = { ...context.page, now: machine.now() };
        const shown = killed(response, page, capability);
        if (contained.failedSince === undefined) return shown;
        const attempts = { count: contained.attempts, failedSince: contained.failedSince, now: page.now };
        return `${containedAtLast(contained, response.incident, attempts, page.ink)}\n\n${shown}`;
      });
    });
};

/** Says each time that it is not contained: the whole of it first, and when the words change; then in a line. */
const tellerOf = ({ machine, json, page }: CommandContext, color: boolean): OnFailed => {
  const { stderr, env } = machine;
  const ink = inkFor(stderr, env, color);
  let said = '';
  return (failure, { count, failedSince, pauseMs }) => {
    const whole = notContainedText(failure, ink, page.width);
    const attempts = { count, failedSince, now: machine.now() };
    const shown =
      whole === said ? stillNotContained(failure, attempts, ink) : `${whole}\n\n${tryingAgain(pauseMs, ink)}`;
    said = whole;
    stderr.write(`${json ? failureJson(failure) : legible(shown)}\n`);
  };
};

const notQuoted = (count: number) =>
  badUsage(
    `One capability is killed at a time, and ${count} were named. Nothing was killed.`,
    "For everything, quote the star, or the shell makes file names of it: muster policy kill '*' --reason …",
  );
