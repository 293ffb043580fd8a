/** Chaos on the deployed suite: its project says `development`, and the schedule rolls back what lost its runner. */
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterAll(() => suite.close());

test('the suite’s project may run experiments, as functions/.env.demo-muster says', async () => {
  expect(await suite.call('chaos-status', {}, staff)).toMatchObject({ environment: 'development' });
});

test('an experiment without a runner is rolled back, and a run that finds nothing leaves nothing', async () => {
  const { experiment } = await suite.call('chaos-arm', { experiment: 'kill-switch' }, staff);
  const until = new Date(Date.now() + 600_000).toISOString();
  const capability = `chaos.${experiment.scope}`;
  await suite.call('policy-kill', { capability, reason: 'an experiment kills its own', until }, staff);
  const write = { experimentId: experiment.id, key: 'one' };
  await expect(suite.call('chaos-write', write, staff)).rejects.toThrow(/BLOCKED_BY_KILL_SWITCH|is killed/u);

  // Not by a time to come, at which every other experiment of the suite would have lost its runner too.
  const lost = new Date();
  await suite.firestore.doc(`muster_experiments/${experiment.id}`).update({ leaseUntil: lost, undoAt: lost });
  expect(await suite.fire('chaos-rollback', lost)).toBe(200);
  expect(await suite.fire('chaos-rollback', lost)).toBe(200);
  const { killSwitches } = await suite.call('policy-get', {}, staff);
  expect(killSwitches.map((one) => one.capability)).not.toContain(capability);
  const entries = await suite.entries({ target: `experiments/${experiment.id}` });
  expect(entries.map(({ action }) => action).toSorted()).toEqual(['chaos.armed', 'chaos.rolled_back']);
  const run = await suite.entries({ correlationId: `chaos_rollback@${lost.toISOString()}` });
  expect(run.filter(({ target }) => target === 'jobs/chaos_rollback')).toEqual([]);
});
