/** chaos-stop, tried from outside: nothing begins while it is in force, and what runs is halted. In a project of its own, for it stops all. */
import { lyingBefore, musterAt, newProject, type Deployed, type Project } from '../desk/deployed-backend';
import { attemptsOf, CHAOS, expectRefused, journalIn, once, reportsIn, runIn, waysIn } from './refused-attempts';

let project: Project;
let staging: Deployed;

beforeAll(async () => {
  project = await newProject();
  staging = await project.deploy('staging');
});
afterAll(() => project.close());

const staffMember = () => project.person({ staff: true });
const REASON = 'the payment provider has an outage';
const stop = async (token: string) =>
  expect((await musterAt(project, staging, token, ['chaos', 'stop', REASON])).exitCode).toBe(0);
const lift = async (token: string) =>
  expect((await musterAt(project, staging, token, ['chaos', 'lift', REASON])).exitCode).toBe(0);

test('in force, set by somebody else: nothing begins, whoever tries is told who and why', async () => {
  const other = await staffMember();
  await stop(other.token);
  const said = {
    exitCode: 6,
    reason: 'CHAOS_STOPPED',
    why: new RegExp(`${other.uid}.*${REASON}`, 'u'),
    next: /tabletop/u,
  };
  for (const { args } of waysIn(project)) {
    const staff = await staffMember();
    await expectRefused(project, () => musterAt(project, staging, staff.token, args, CHAOS), said);
    expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'runner/kill-switch'));
  }
  const lying = await lyingBefore(staging);
  const staff = await staffMember();
  await expectRefused(project, () => musterAt(project, lying, staff.token, runIn(project), CHAOS), said);
  expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'chaos-arm'));
  await lying.close();
  await lift(other.token);
});

test.each([
  ['run', ['chaos', 'run', 'delegation-race', '--json']],
  ['gameday', ['gameday', '--json', '--no-drill', '--only', 'delegation-race', '--only', 'replay']],
])('during a %s it halts it, rolls it back, and nothing else begins', async (name, args) => {
  const [staff, other] = [await staffMember(), await staffMember()];
  const where = name === 'run' ? ['--journal', journalIn(project)] : ['--out', reportsIn(project)];
  const running = musterAt(project, staging, staff.token, [...args, ...where], CHAOS);
  const { firestore } = project.suite;
  const delegated = new Promise<void>((resolve) => {
    const leave = firestore
      .collection('muster_delegations')
      .where('owner', '==', staff.uid)
      .onSnapshot(({ empty }) => {
        if (empty) return;
        leave();
        resolve();
      });
  });
  // What ends before it is there would be waited for in vain.
  await Promise.race([delegated, running]);
  await stop(other.token);
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode).toBe(8);
  expect(`${stdout}${stderr}`).toContain(REASON);
  const { docs } = await firestore.collection('muster_experiments').where('by', '==', staff.uid).get();
  expect(docs.map((one) => [one.get('experiment'), one.get('status')])).toEqual([['delegation-race', 'aborted']]);
  const { docs: delegations } = await firestore.collection('muster_delegations').get();
  expect(delegations.filter((one) => one.get('revokedAt') === null).map(({ id }) => id)).toEqual([]);
  await lift(other.token);
});
