import { folded } from '../output/folded';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { EXPERIMENT_SCENARIO, runExperiment, type Outcome } from '@muster/chaos';
import { asChaosFailure, backendOf } from './backend';
import { withDrill } from './drill';
import { journalFile, stamp } from './files';
import { interruptionOf } from './interruption';
import { contextOf } from '../command-context';
import { AlreadyTold, EXIT } from '../exit-codes';
import { asksEach } from '../field-names';
import type { Machine } from '../machine';
import { outcomePage } from './pages';
import { progressOn } from './progress';
import { experimentNamed } from './experiment-named';

interface RunOptions {
  drill?: string | true;
  journal?: string;
  color: boolean;
}

/** `muster chaos run` */
export const addChaosRun = (chaos: Command, machine: Machine): void => {
  asksEach(chaos.command('run'), {
    'chaos-arm': { experiment: 'NAME' },
    'drills-start': { scenarioId: '--drill' },
  })
    .description('run an experiment on staging; it rolls back whatever happens. Needs CHAOS_MODE=true')
    .argument('<name>', 'which experiment: muster chaos list')
    .option('--drill [scenario]', `record it as a drill, of ${EXPERIMENT_SCENARIO} if no scenario is named`)
    .option('--journal <file>', 'where the journal is written (NAME-TIME.journal.json if left out)')
    .action(async (name: string, _options: object, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const context = contextOf(machine, command);
      const experiment = experimentNamed(name);
      const file = resolve(options.journal ?? `${experiment.name}-${stamp(machine.now())}.journal.json`);
      const backend = backendOf(context);
      const interruption = interruptionOf(machine);
      try {
        const scenario = options.drill === true ? EXPERIMENT_SCENARIO : options.drill;
        const first = experiment.name;
        const outcome = await withDrill({ context, backend, scenario, first }, async (drillId) => {
          const ended = await runExperiment({
            ...{ ...backend, experiment, signal: interruption.signal, sink: journalFile(file) },
            progress: progressOn(context, options.color),
            ...(drillId === undefined ? {} : { drillId }),
          });
          return { answer: ended, outcomes: [ended] };
        });
        context.answer(outcome.journal, () => outcomePage(folded(outcome), file, context.page));
        endWith([outcome], interruption.signal);
      } catch (error) {
        throw asChaosFailure(error);
      } finally {
        interruption.end();
      }
    });
};

/**
 * Nothing more is said: whoever scripts it learns from the exit code that a brake was not shown to hold. Who interrupted is
 * told that it was, also where that came too late to keep the run from its end.
 */
export const endWith = (outcomes: readonly Outcome[], { aborted }: AbortSignal): void => {
  if (aborted) throw new AlreadyTold(EXIT.interrupted);
  if (outcomes.some(({ passed }) => !passed)) throw new AlreadyTold(EXIT.deviated);
};
