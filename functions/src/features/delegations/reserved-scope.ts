/**
 * What experiments act on is theirs: whoever could delegate there would keep an experiment from being undone, or pass for it.
 */
import * as z from 'zod';
import { isReservedCapability, isReservedSubject, killedIn, subjectIn, scope } from '@muster/contract/chaos';
import { covers } from '@muster/contract/capabilities';
import type { FieldProblem } from '@muster/contract/errors';
import { badInput } from '@muster/core/errors';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import type { Delegation } from '@muster/guard/delegation';

const PROBLEM = 'reserved for experiments and the canary; an experiment delegates in its own scope alone';

/** A scope is of one experiment alone. */
const armedBy = z.looseObject({ status: z.string(), by: z.string() });

type Granted = Pick<Delegation, 'owner' | 'agent' | 'capabilities'>;

/** Refuses names that are reserved, but in the scope of an experiment that the owner has armed. */
export const refuseReserved = async (work: Pick<Work, 'find'>, granted: Granted): Promise<void> => {
  const problems = reservedIn(granted);
  if (problems.length === 0 || (await isOfOwnExperiment(work, granted))) return;
  throw badInput(problems);
};

const reservedIn = ({ agent, capabilities }: Granted): FieldProblem[] => [
  ...(isReservedSubject(agent) ? [{ field: 'agent', problem: PROBLEM }] : []),
  ...capabilities.flatMap((name, index) =>
    isReservedCapability(name) ? [{ field: `capabilities.${index}`, problem: PROBLEM }] : [],
  ),
];

/** Agent and capabilities are all of one scope, and it is that of an experiment that is armed by who delegates. */
const isOfOwnExperiment = async (
  work: Pick<Work, 'find'>,
  { owner, agent, capabilities }: Granted,
): Promise<boolean> => {
  const word = agent.slice(subjectIn('').length);
  const isOfScope =
    scope.safeParse(word).success &&
    agent === subjectIn(word) &&
    capabilities.every((name) => covers(killedIn(word), name));
  if (!isOfScope) return false;
  const [found] = await work.find({
    collection: collections.experiments,
    schema: armedBy,
    where: [{ field: 'scope', is: '==', value: word }],
    orderBy: [],
    limit: 1,
  });
  return found?.data.status === 'armed' && found.data.by === owner;
};
