/**
 * What an experiment has restricted, ended in the unit of work of whoever ends the experiment. Another feature may import
 * this: it can end nothing but what it is handed the names of.
 */
import { policyAsStored, policyAt } from '@muster/guard/policy-document';
import type { Work } from '@muster/core/storage/work';
import { activationAt, type Ending } from '../activation-document';
import { endActivation } from './activations';
import { readablePolicy } from './current-policy';

export interface RestrictedNames {
  killed: (name: string) => boolean;
  offline: (connector: string) => boolean;
}

/** What was ended, in words; undefined when the policy cannot be read, and so nothing in it can be ended. */
export const endRestrictions = async (
  work: Work,
  { killed, offline }: RestrictedNames,
  ending: Omit<Ending, 'end'>,
): Promise<string[] | undefined> => {
  const policy = readablePolicy(await work.read(policyAsStored()));
  if (!policy) return undefined;
  const switches = Object.entries(policy.killSwitches).filter(([name]) => killed(name));
  const connectors = Object.entries(policy.offline).filter(([id]) => offline(id));
  const all = [...switches, ...connectors];
  if (all.length === 0) return [];

  const activationsOf = (entries: [string, { activation: string | null }][]) =>
    new Set(entries.flatMap(([, { activation }]) => activation ?? []));
  await work.prefetch([...activationsOf(all)].map(activationAt));
  for (const id of activationsOf(switches)) await endActivation(work, id, { ...ending, end: 'restored' });
  for (const id of activationsOf(connectors)) await endActivation(work, id, { ...ending, end: 'removed' });
  work.write(policyAt(), {
    ...policy,
    killSwitches: Object.fromEntries(Object.entries(policy.killSwitches).filter(([name]) => !killed(name))),
    offline: Object.fromEntries(Object.entries(policy.offline).filter(([id]) => !offline(id))),
  });
  return [...switches.map(([name]) => `kill switch ${name}`), ...connectors.map(([id]) => `${id} offline`)];
};
