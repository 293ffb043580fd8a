import { EXPERIMENTS, type Experiment } from '../../../chaos/src';
import { chaos } from '../../../functions/src/contract';
import { badUsage } from '../failure';

/** The experiment of a name, or a refusal that lists those that there are. */
export const experimentNamed = (name: string): Experiment => {
  const known = chaos.experimentName.safeParse(name);
  if (known.success) return EXPERIMENTS[known.data];
  throw badUsage(`There is no experiment "${name}".`, `One of: ${chaos.experimentName.options.join(', ')}.`);
};
