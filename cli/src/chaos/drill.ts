import { beginDrill, cancelDrill, completeDrill, passGuards, type Outcome } from '@muster/chaos';
import type { chaos } from '@muster/contract';
import type { CommandContext } from '../command-context';
import { asFailure } from '@muster/client/failure';
import { legible } from '../output/legible';
import { asChaosFailure, type Backend } from './backend';

interface Rehearsal {
  context: CommandContext;
  backend: Backend;
  /** Undefined for no drill. */
  scenario: string | undefined;
  /** What is run first: where it may not be, no drill is begun. */
  first: chaos.ExperimentName;
}

/** Runs something as a drill, or as none. What nothing came of is cancelled, not completed. */
export const withDrill = async <Answer>(
  { context, backend, scenario, first }: Rehearsal,
  run: (drillId: string | undefined) => Promise<{ answer: Answer; outcomes: readonly Outcome[] }>,
): Promise<Answer> => {
  if (scenario === undefined) return (await run(undefined)).answer;
  await passGuards(backend, first);
  const { id } = await beginDrill(backend, scenario);
  const { stderr } = context.machine;
  if (!context.json) stderr.write(`Drill ${id} has started.\n`);
  // That the drill could not be ended does not change what was shown: it is said, with the way out.
  const ended = async (how: () => Promise<unknown>): Promise<void> => {
    try {
      await how();
    } catch (error) {
      const { message } = asFailure(asChaosFailure(error));
      stderr.write(`The drill ${id} still runs: ${legible(message)} Next: muster drill show ${id}\n`);
    }
  };
  try {
    const { answer, outcomes } = await run(id);
    const runs = outcomes.map(({ journal, experiment }) => ({ ...journal, experiment: experiment.experiment }));
    await ended(() => completeDrill(backend, id, runs));
    return answer;
  } catch (error) {
    await ended(() =>
      cancelDrill(backend, id, `Nothing was run: ${error instanceof Error ? error.message : 'failed'}`),
    );
    throw error;
  }
};
