import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXPERIMENTS, GAME_DAY_SCENARIO, gameDayMarkdown, runGameDay, type GameDay } from '@muster/chaos';
import { asChaosFailure, backendOf } from '../chaos/backend';
import { withDrill } from '../chaos/drill';
import { journalFile, lastGameDay, readGameDay, stamp, writeWhole } from '../chaos/files';
import { interruptionOf } from '../chaos/interruption';
import { contextOf } from '../command-context';
import { AlreadyTold, EXIT } from '../exit-codes';
import { asksEach } from '../field-names';
import type { Machine } from '../machine';
import { gameDayPage } from '../chaos/pages';
import { progressOn } from '../chaos/progress';
import { collected } from '../options/changing';
import { endWith } from '../chaos/run-command';
import { experimentNamed } from '../chaos/experiment-named';

interface GameDayOptions {
  only?: string[];
  out: string;
  compare?: string;
  drill: string | false;
  color: boolean;
}

/** `muster gameday` */
export const addGameDayCommand = (program: Command, machine: Machine): void => {
  asksEach(program.command('gameday'), {
    'chaos-arm': { experiment: '--only' },
    'drills-start': { scenarioId: '--drill' },
  })
    .description('run all experiments as one exercise, and report them. On staging; needs CHAOS_MODE=true')
    .option('--only <name>', 'only this experiment (repeatable)', collected)
    .option('--out <folder>', 'where report and journals are written', 'gamedays')
    .option('--compare <file>', 'the JSON of the game day to compare with (the newest in the folder if left out)')
    .option('--drill <scenario>', 'the scenario of its drill', GAME_DAY_SCENARIO)
    .option('--no-drill', 'do not record it as a drill')
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<GameDayOptions>();
      const context = contextOf(machine, command);
      const experiments = (options.only ?? Object.keys(EXPERIMENTS)).map((name) => experimentNamed(name).name);
      const folder = resolve(options.out);
      const last = options.compare === undefined ? lastGameDay(folder) : readGameDay(options.compare);
      const name = `gameday-${stamp(machine.now())}`;
      const backend = backendOf(context);
      const interruption = interruptionOf(machine);
      try {
        const rehearsal = {
          context,
          backend,
          scenario: options.drill || undefined,
          first: experiments[0] ?? 'kill-switch',
        };
        const { day, outcomes } = await withDrill(rehearsal, async (drillId) => {
          const answer = await runGameDay({
            ...{ ...backend, experiments, signal: interruption.signal },
            progress: progressOn(context, options.color),
            sinkFor: (experiment) => journalFile(join(folder, name, `${experiment}.journal.json`)),
            ...(drillId === undefined ? {} : { drillId }),
          });
          return { answer, outcomes: answer.outcomes };
        });
        const files = keep(folder, name, day, last);
        context.answer(day, (shown) => gameDayPage(shown, files, context.page));
        endWith(outcomes, interruption.signal);
        if (!day.passed) throw new AlreadyTold(EXIT.deviated);
      } catch (error) {
        throw asChaosFailure(error);
      } finally {
        interruption.end();
      }
    });
};

const keep = (folder: string, name: string, day: GameDay, last: GameDay | undefined): string[] => {
  const [markdown, data] = [join(folder, `${name}.md`), join(folder, `${name}.json`)];
  writeWhole(markdown, gameDayMarkdown(day, last));
  writeWhole(data, `${JSON.stringify(day, null, 2)}\n`);
  return [markdown, data];
};
