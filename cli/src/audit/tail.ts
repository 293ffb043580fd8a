import { folded } from '../output/folded';
import type { Command } from 'commander';
import { contextOf, type CommandContext } from '../command-context';
import { EXIT } from '../exit-codes';
import { badUsage, Failure } from '@muster/client/failure';
import { asks } from '../field-names';
import type { Machine } from '../machine';
import { NewEntries, type AuditPages } from './new-entries';
import { auditLine } from './entry-line';
import { legible, legibleJson } from '../output/legible';
import { FILTER_FIELDS, filtersAsked, withFiltersButTimes, withSaved, type FilterOptions } from './filters';

/** How long it waits between two questions. */
const PAUSE_MS = 2_000;
/** It asks again anyway: nothing is gained by waiting long for one answer. */
const PATIENCE = { deadlineMs: 15_000, pausesMs: [] };

interface TailOptions extends FilterOptions {
  last: string;
}

/** `muster audit tail`: each new entry once, in a line, until Ctrl-C. */
export const addTail = (audit: Command, machine: Machine): void => {
  asks(
    withSaved(withFiltersButTimes(audit.command('tail').description('new entries as they come, until Ctrl-C'))),
    'audit-query',
    {
      ...FILTER_FIELDS,
      from: 'the time since which it looks',
      to: 'the end',
      limit: '--last',
      cursor: 'the next page',
    },
  )
    .option('--last <number>', 'begin with so many that are there, up to 200', '10')
    .action(async (options: TailOptions, command: Command) => {
      const context = contextOf(machine, command);
      const last = lastTyped(options.last);
      const { from: _from, to: _to, ...filters } = await filtersAsked(context, options);
      const read: AuditPages = async (asked) =>
        (await context.send('audit-query', { ...filters, ...asked }, PATIENCE)).checked();
      const entries = new NewEntries(read, machine.now);
      // Whatever is wrong with the question, or the way there, is told at once.
      tell(context, await entries.begin(last));
      await untilInterrupted(machine, () => follow(context, entries));
    });
};

const lastTyped = (text: string): number => {
  if (/^\d{1,3}$/u.test(text) && Number(text) <= 200) return Number(text);
  throw badUsage(`--last is "${text}".`, 'Give a whole number from 0 to 200.');
};

/** Runs `turn` with a pause after each, and ends the program with 0 on Ctrl-C, whatever it waits for. */
const untilInterrupted = async (machine: Machine, turns: () => () => Promise<void>): Promise<void> => {
  let end = (): void => undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => {
    end = machine.onInterrupt(() => resolve('interrupted'));
  });
  const turn = turns();
  try {
    for (;;) {
      const waited = machine.wait(PAUSE_MS).then(() => turn());
      if ((await Promise.race([waited, interrupted])) === 'interrupted') break;
    }
  } finally {
    end();
  }
  machine.leave(EXIT.ok);
};

/** One question and what it gives; says on stderr when nothing answers, once, and when it does again. */
const follow = (context: CommandContext, entries: NewEntries) => {
  let silentSince: string | undefined;
  return async (): Promise<void> => {
    try {
      const found = await entries.next();
      if (silentSince !== undefined) notice(context, { answersAgain: true, silentSince });
      silentSince = undefined;
      tell(context, found);
    } catch (error) {
      if (!(error instanceof Failure) || !PASSING.has(error.code)) throw error;
      entries.lookBack();
      if (silentSince !== undefined) return;
      silentSince = context.machine.now().toISOString();
      notice(context, { answersAgain: false, silentSince, why: error.message });
    }
  };
};
const PASSING: ReadonlySet<string> = new Set(['UNAVAILABLE', 'CONTENTION']);

const tell = ({ machine, json, page }: CommandContext, found: Awaited<ReturnType<NewEntries['next']>>): void => {
  for (const entry of found) {
    machine.stdout.write(
      `${json ? legibleJson(entry) : legible(auditLine(folded(entry), page.ink, machine.stdout.columns))}\n`,
    );
  }
};

interface Notice {
  answersAgain: boolean;
  silentSince: string;
  why?: string;
}

const notice = ({ machine, json }: CommandContext, said: Notice): void => {
  const words = said.answersAgain
    ? `Answers again; what came since ${said.silentSince} follows.`
    : `No answer at ${said.silentSince}: ${said.why ?? ''} It is asked again every ${PAUSE_MS / 1000} s.`;
  machine.stderr.write(`${json ? legibleJson({ notice: said }) : legible(words)}\n`);
};
