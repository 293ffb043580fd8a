import type { Command } from 'commander';
import { bootstrap, type Bootstrapped, type Who } from '../bootstrap/bootstrap';
import { readCatalog } from '../bootstrap/catalog';
import { operatorFailure, operatorOf } from '../bootstrap/operator';
import { contextOf } from '../command-context';
import { badUsage } from '@muster/client/failure';
import type { Machine } from '../machine';
import type { Page } from '../output/page';
import { SCENARIO_CATALOG } from '../repository';
import { withPerson } from '../options/person';

/** `muster staff bootstrap`: not an operation of the backend, because nobody could call it yet. */
export const addBootstrapCommand = (staff: Command, machine: Machine): void => {
  withPerson(staff.command('bootstrap').description("make a project's first admin, with the project's own credentials"))
    .option('--roster', 'this deployment counts only roles that were granted (MUSTER_ROLES=roster)')
    .action(async (options: { email?: string; uid?: string; roster?: boolean }, command: Command) => {
      const { destination, answer, page } = contextOf(machine, command);
      const where = destination();
      const who = whoIn(options);
      const catalog = readCatalog(SCENARIO_CATALOG);
      const operator = await operatorOf(where);
      try {
        const done = await bootstrap(
          { ...operator, clock: () => machine.now(), catalog },
          who,
          options.roster ?? false,
        );
        answer(done, () => shown(done, where.project, page));
      } catch (error) {
        throw operatorFailure(error, where);
      } finally {
        await operator.close();
      }
    });
};

const whoIn = ({ email, uid }: { email?: string; uid?: string }): Who => {
  if (email !== undefined && uid === undefined) return { email };
  if (uid !== undefined && email === undefined) return { uid };
  throw badUsage('Who is to be the first admin?', 'Give either --email or --uid, not both and not neither.');
};

const shown = (done: Bootstrapped, project: string, { ink }: Page): string => {
  if (!done.changed) return `Nothing was changed: ${done.uid} is admin of ${project}, and nothing is missing.`;
  return [
    `${ink.good('Done')}: ${done.uid} is admin of ${project}.`,
    ...(done.policyCreated ? ['Stored the policy: nothing is restricted.'] : []),
    ...(done.scenariosCreated.length > 0 ? [`Stored scenarios: ${done.scenariosCreated.join(', ')}.`] : []),
    ink.faint('Next: muster login, then muster drill start --scenario SCENARIO'),
  ].join('\n');
};
