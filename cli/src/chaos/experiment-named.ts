import { EXPERIMENTS, type Experiment } from '@muster/chaos';
import { chaos } from '@muster/contract';
import { badUsage } from '@muster/client/failure';

/** The experiment of a name, or a refusal that lists those that there are. */
export const experimentNamed = (name: string): Experiment => {
  const known = chaos.experimentName.safeParse(name);
  if (known.success) return EXPERIMENTS[known.data];
  throw badUsage(`There is no experiment "${name}".`, `One of: ${chaos.experimentName.options.join(', ')}.`);
};
