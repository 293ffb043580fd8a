import { operations, type OperationName, type ResponseOf } from '@muster/contract';
import { behind, deskOf, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
let scenario: string;
let staff: Desk & Person;
let auditor: Desk & Person;

beforeAll(async () => {
  scenario = await newScenario(suite);
  staff = await deskOf(suite, { staff: true });
  auditor = await deskOf(suite, { auditor: true });
});
afterAll(() => suite.close());

// One moment for all: the figures are then exact, however long the commands take.
const MOMENT = Math.floor(Date.now() / 1000) * 1000;
const minutesAgo = (minutes: number) => new Date(MOMENT - minutes * 60_000).toISOString();

/** `--json` prints exactly the response: it passes the contract, which refuses unknown keys. */
const exactly = <Name extends OperationName>(name: Name, sent: unknown): ResponseOf<Name> =>
  operations[name].response.parse(sent) as ResponseOf<Name>;

const started = async (...options: string[]): Promise<string> => {
  const sent = await staff.json(['drill', 'start', '--scenario', scenario, ...options]);
  return exactly('drills-start', sent).drill.id;
};

test('a drill from its plan to its figures', async () => {
  const due = new Date(Date.now() + 86_400_000).toISOString();
  const plan = await staff.json(['drill', 'schedule', '--scenario', scenario, '--due', due, '--commander', staff.uid]);
  const { id, dueAt, roles } = exactly('drills-schedule', plan).drill;
  expect({ dueAt, roles }).toEqual({ dueAt: due, roles: { incidentCommander: staff.uid } });

  const start = await staff.run(['drill', 'start', id, '--at', minutesAgo(200)]);
  expect(start).toMatchObject({ exitCode: 0, stderr: '' });
  expect(start.stdout).toContain(`Next: muster drill event ${id} detected`);

  await staff.json(['drill', 'event', id, 'detected', '--at', minutesAgo(196), '--note', 'The alert fired.']);
  const wrong = exactly(
    'drills-recordEvent',
    await staff.json(['drill', 'event', id, 'acknowledged', '--at', minutesAgo(190)]),
  ).event;
  const right = exactly(
    'drills-recordEvent',
    await staff.json(['drill', 'event', id, 'acknowledged', '--at', minutesAgo(126), '--supersedes', wrong.id]),
  ).event;
  await staff.json(['drill', 'event', id, 'safety-breach', '--note', 'A production token was used.']);
  const complete = ['drill', 'complete', id, '--outcome', 'partial', '--risk', 'One', '--risk', 'Two'];
  const done = exactly('drills-complete', await staff.json([...complete, '--invited', '9', '--attended', '7'])).drill;
  expect(done).toMatchObject({
    status: 'completed',
    unresolvedRisks: ['One', 'Two'],
    attendance: { invited: 9, attended: 7 },
    safetyBreaches: 1,
  });

  const shown = await auditor.run(['drill', 'show', id]);
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toMatch(/TTD +4m +under 15m +✓ met/u);
  expect(shown.stdout).toMatch(/TTA +1h 10m +under 1h +✗ missed by 10m /u);
  expect(shown.stdout).toMatch(/TTC +– +under 2h +· not measured/u);
  expect(shown.stdout).toContain(`superseded: ${right.id} counts instead`);
  expect(shown.stdout).toContain(`corrects ${wrong.id}`);
  expect(shown.stdout).toContain('• Two');
  const { events } = exactly('drills-get', await auditor.json(['drill', 'show', id]));
  expect(events.map(({ type }) => type)).toEqual([
    ...['started', 'detected', 'acknowledged', 'acknowledged', 'safety_breach', 'completed'],
  ]);
});

test('a list is filtered, paged and whole', async () => {
  const own = await newScenario(suite);
  const ids = [];
  for (const minutes of ['30', '20', '10']) {
    const sent = await staff.json(['drill', 'start', '--scenario', own, '--at', minutesAgo(Number(minutes))]);
    ids.unshift(exactly('drills-start', sent).drill.id);
  }
  const listed = async (...options: string[]) =>
    exactly('drills-list', await auditor.json(['drill', 'list', '--scenario', own, ...options]));
  const first = await listed('--limit', '2');
  expect(first.drills.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const second = await listed('--limit', '2', '--cursor', first.nextCursor ?? '');
  expect(second).toMatchObject({ drills: [{ id: ids[2] }], nextCursor: null });
  const all = await listed('--limit', '1', '--all');
  expect({ ids: all.drills.map(({ id }) => id), next: all.nextCursor }).toEqual({ ids, next: null });
  expect((await listed('--status', 'completed')).drills).toEqual([]);
  expect((await auditor.run(['drill', 'list', '--scenario', own, '--overdue'])).stdout).toBe('No drill matches.\n');
  expect((await auditor.run(['drill', 'list', '--scenario', own, '--limit', '2'])).stdout).toContain('or --cursor ');
});

test('the same --request-id is done once', async () => {
  const args = ['drill', 'start', '--scenario', scenario, '--request-id', `again-${scenario}`];
  const [first, second] = [await staff.json(args), await staff.json(args)];
  expect(second).toEqual({ ...(first as object), repeated: true });
});

test('color is for terminals, and NO_COLOR wins over everything', async () => {
  const escape = '\u001b[';
  const args = ['drill', 'show', await started()];
  expect((await staff.run(args)).stdout).not.toContain(escape);
  expect((await staff.run(args, { FORCE_COLOR: '1' })).stdout).toContain(escape);
  expect((await staff.run(args, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(escape);
  expect((await staff.run([...args, '--no-color'], { FORCE_COLOR: '1' })).stdout).not.toContain(escape);
  expect((await staff.run(['drill', 'show', 'drl_none'], { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain(
    escape,
  );
});

describe('what went wrong, for a script', () => {
  test('a role that is missing is 4', async () => {
    const { exitCode, stderr } = await auditor.run(['drill', 'start', '--scenario', scenario]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Next: Ask an admin to grant it (muster staff grant)');
  });

  test('an unknown drill or scenario is 5', async () => {
    expect((await staff.run(['drill', 'show', 'drl_nosuchdrill'])).exitCode).toBe(5);
    const { exitCode, stderr } = await staff.run(['drill', 'start', '--scenario', 'no-such-scenario']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('--scenario: no scenario of the catalog has this id');
  });

  test('a wrong state is 6, and the state is told', async () => {
    const id = await started();
    expect((await staff.run(['drill', 'cancel', id, '--reason', 'not today'])).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await staff.run(['drill', 'complete', id, '--outcome', 'success', '--json']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'CONFLICT', exitCode: 6, details: { reason: 'WRONG_STATE', state: 'cancelled' } },
    });
  });

  test.each([
    ['a time without a zone', ['schedule', '--scenario', 'x', '--due', '2026-03-31'], '--due'],
    ['an id that is none', ['show', 'a/b'], 'DRILL'],
    ['an unknown type of event', ['event', 'drl_aaaa', 'noticed'], 'TYPE'],
    ['a limit that is no number', ['list', '--limit', 'ten'], '--limit'],
    ['half of an attendance', ['complete', 'drl_aaaa', '--outcome', 'success', '--invited', '9'], '--attended'],
    ['both a drill and a scenario', ['start', 'drl_aaaa', '--scenario', 'x'], 'DRILL'],
  ])('%s is 2, and names what was typed', async (_what, args, field) => {
    const { exitCode, stderr } = await staff.run(['drill', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`  ${field}: `);
  });

  test('what only the backend can know to be wrong is told the same way', async () => {
    const args = ['drill', 'start', '--scenario', scenario, '--at', minutesAgo(-60)];
    const { exitCode, stderr } = await staff.run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  --at: ');
  });

  test('an unknown command or option is 2, also as JSON', async () => {
    const { exitCode, stderr } = await staff.run(['drill', 'lst']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean list?') });
    const asJson = await staff.run(['drill', 'list', '--nope', '--json']);
    expect(asJson.exitCode).toBe(2);
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: 'INVALID_ARGUMENT', exitCode: 2 } });
  });

  test('a suite that is down is 7, and a change that was never sent is not in doubt', async () => {
    const down = { MUSTER_FUNCTIONS_URL: 'http://127.0.0.1:2/demo-muster/us-central1' };
    const { exitCode, stderr } = await staff.run(['drill', 'start', '--scenario', scenario], down);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('Nothing answers at http://127.0.0.1:2/');
    expect(stderr).not.toContain('not known');
  });
});
