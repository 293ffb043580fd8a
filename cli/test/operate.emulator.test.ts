import type { ResponseOf } from '@muster/contract';
import { newProject } from './desk/deployed-backend';
import { behind, deskOf, newDesk, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
let staff: Desk & Person;
let admin: Desk & Person;

beforeAll(async () => {
  await newScenario(suite);
  staff = await deskOf(suite, { staff: true });
  admin = await deskOf(suite, { staff: true, admin: true });
});
afterAll(() => suite.close());

/** A desk in a project that nobody shares: there is one mode to a project, and another test may set it. */
const deskAlone = async () => {
  const project = await newProject();
  const [{ url }, { uid, token }] = await Promise.all([project.deploy(undefined), project.person({ staff: true })]);
  const env = { MUSTER_PROJECT: project.projectId, MUSTER_FUNCTIONS_URL: url, MUSTER_ID_TOKEN: token };
  const desk = newDesk();
  return {
    uid,
    run: (args: readonly string[]) => desk.run(args, env),
    json: <Response>(args: readonly string[]) => desk.json<Response>(args, env),
    close: () => project.close(),
  };
};

test('a mode is entered, shown and ended, and the audit says who did it', async () => {
  const alone = await deskAlone();
  try {
    await entersAndEnds(alone);
  } finally {
    await alone.close();
  }
});

const entersAndEnds = async (someone: Omit<Awaited<ReturnType<typeof deskAlone>>, 'close'>) => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const reason = `Slow: ${someone.uid.slice(0, 8)}.`;
  const enter = ['degraded', 'enter', '--mode', 'degraded', '--reason', reason];
  const entered = await someone.json<ResponseOf<'policy-enterDegraded'>>([...enter, '--until', until]);
  expect(entered.policy).toMatchObject({ mode: 'degraded', until, by: someone.uid, reason });

  const shown = await someone.run(['policy']);
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('Announced');
  expect(shown.stdout).toContain(reason);

  const exit = await someone.run(['degraded', 'exit', '--reason', 'It is fast again.']);
  expect(exit.stdout).toContain('The mode degraded has ended.');
  const again = await someone.json<ResponseOf<'policy-exitDegraded'>>(['degraded', 'exit', '--mode', 'offline']);
  expect(again.changed).toBe(false);

  const asked = ['audit', '--actor', someone.uid, '--action-prefix', 'studio_ops.degraded_mode_'];
  const { entries } = await someone.json<ResponseOf<'audit-query'>>(asked);
  expect(entries.map(({ action }) => action)).toEqual([
    'studio_ops.degraded_mode_exited',
    'studio_ops.degraded_mode_entered',
  ]);
  const page = (await someone.run(asked)).stdout;
  expect(page).toContain(`staff ${someone.uid}: ${reason}`);
  const all = await someone.json<ResponseOf<'audit-query'>>([...asked, '--limit', '1', '--all']);
  expect(all).toEqual({ entries, nextCursor: null });
};

test('a mode that ends in the past is refused by the backend, in the words that were typed', async () => {
  const enter = ['degraded', 'enter', '--mode', 'degraded', '--reason', 'late'];
  const { exitCode, stderr } = await staff.run([...enter, '--until', '2020-01-01T00:00:00Z']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('  --until: ');
});

test('an admin grants and revokes; staff may not', async () => {
  const { email, uid } = await suite.newPerson();
  const grant = ['staff', 'grant', 'auditor', '--email', email, '--reason', 'reads along'];
  expect((await staff.run(grant)).exitCode).toBe(4);
  expect(await admin.json(grant)).toEqual({
    uid,
    roles: ['auditor'],
    changed: true,
    drift: { gone: [], unknown: [] },
  });
  const listed = await staff.run(['staff', 'list', '--limit', '200']);
  expect(listed.stdout).toMatch(new RegExp(`${uid} +auditor`, 'u'));
  expect((await admin.run(grant)).stdout).toContain('Nothing was changed');
  expect((await suite.auth.getUser(uid)).customClaims).toEqual({ auditor: true });

  const revoke = ['staff', 'revoke', 'auditor', '--uid', uid, '--reason', 'read enough'];
  expect((await admin.run(revoke)).stdout).toContain(`Revoked: ${uid}`);
  expect((await suite.auth.getUser(uid)).customClaims).toEqual({});
});

test('a user whom nobody knows is 5, and a user named twice is 2', async () => {
  const grant = ['staff', 'grant', 'staff', '--reason', 'new here'];
  expect((await admin.run([...grant, '--email', 'nobody@people.example'])).exitCode).toBe(5);
  const { exitCode, stderr } = await admin.run([...grant, '--email', 'a@people.example', '--uid', 'b']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('give either uid or email');
});
