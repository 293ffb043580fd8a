/** The running suite as a target of experiments, with a staff member of its own. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { runningSuite, type RunningSuite, type SuitePerson } from '@muster/functions/test/running-suite';
import { httpTarget, type Machine, type Target } from '../src';

export interface ChaosSuite {
  suite: RunningSuite;
  staff: SuitePerson;
  target: Target;
  machine: Machine;
}

export const machineWith = (env: Machine['env'] = { CHAOS_MODE: 'true' }): Machine => ({
  env,
  now: Date.now,
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
  newId: () => randomBytes(8).toString('hex'),
  platform: 'of this test',
  node: 'here',
});

export const targetOf = ({ authorization }: SuitePerson, fetched: typeof fetch = fetch): Target =>
  httpTarget({
    project: 'demo-muster',
    functionsUrl: process.env['MUSTER_FUNCTIONS_URL'] ?? '',
    firestoreEmulator: process.env['FIRESTORE_EMULATOR_HOST'],
    token: async () => authorization.slice('Bearer '.length),
    fetch: fetched,
    now: Date.now,
  });

export const chaosSuite = async (): Promise<ChaosSuite> => {
  const suite = await runningSuite();
  const staff = await suite.person('staff');
  return { suite, staff, target: targetOf(staff), machine: machineWith() };
};
