import type { ResponseOf } from '@muster/contract';
import { deskInProcess, forgedFunctions, type Forged, type ForgedFunctions } from './desk/desk-in-process';

const BEGUN = '2026-03-31T09:00:00.000Z';
const KILL = ['policy', 'kill', 'shipping', '--reason', 'Agents push broken builds.'];

const notStored: Forged = {
  status: 503,
  error: {
    status: 'UNAVAILABLE',
    message: 'Killing shipping could not be stored.',
    details: {
      ...{ code: 'UNAVAILABLE', reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0', correlationId: 'req_1' },
      ...{ steps: ['Scale it to zero.', 'Take its tokens.'], next: 'Repeat the call.' },
    },
  },
};
const refused = (status: string, details: object): Forged => ({
  status: 403,
  error: { status, message: 'No.', details },
});
const lost: Forged = undefined;

const response = (over: Partial<ResponseOf<'policy-kill'>> = {}): ResponseOf<'policy-kill'> => ({
  ...{ changed: true, renewed: false, message: 'shipping is killed.', covers: ['shipping.commit'], incident: null },
  binds: 'shipping',
  killSwitch: {
    ...{ capability: 'shipping', since: '2026-03-31T09:00:10.000Z', until: null, by: 'uid-staff' },
    ...{ reason: 'Agents push broken builds.', activation: 'act_0001', exemptions: 0 },
  },
  ...over,
});
const stored = (over: Partial<ResponseOf<'policy-kill'>> = {}): Forged => ({ result: response(over) });

let functions: ForgedFunctions;
const against = async (...answers: Forged[]) => {
  functions = await forgedFunctions(...answers);
  return deskInProcess(functions.url, { begun: BEGUN });
};
afterEach(() => functions.close());

test('what could not be stored is tried until it is, said each time, and its incident is named', async () => {
  const desk = await against(notStored, notStored, notStored, stored({ incident: 'inc_0001' }));
  const { exitCode, stdout, stderr } = await desk.run(KILL);
  expect(exitCode).toBe(0);
  expect(desk.pauses).toEqual([5000, 5000, 5000]);

  const said = stderr.split('\n').filter((line) => line.startsWith('NOT CONTAINED'));
  expect(said).toEqual([
    'NOT CONTAINED  severity P0: take it that what you wanted to stop goes on.',
    'NOT CONTAINED  09:00:05 UTC, attempt 2, 5s after the first: Killing shipping could not be stored.',
    'NOT CONTAINED  09:00:10 UTC, attempt 3, 10s after the first: Killing shipping could not be stored.',
  ]);
  expect(stderr).toContain('   1.  Scale it to zero.\n   2.  Take its tokens.');
  expect(stderr).toContain('Ctrl-C');
  expect(stdout).toMatch(/^CONTAINED {2}at attempt 4, 15s after the first, of 2026-03-31 09:00:00 UTC\.\n/u);
  expect(stdout).toContain('Incident of the time between: inc_0001');
  expect(stdout).toContain('Killed: shipping.');
});

test('every later attempt says when the first failed, under the same id', async () => {
  const desk = await against(notStored, notStored, stored());
  await desk.run(KILL);
  expect(functions.asked.map(({ failedSince }) => failedSince)).toEqual([undefined, BEGUN, BEGUN]);
  expect(new Set(functions.asked.map(({ requestId }) => requestId)).size).toBe(1);
});

test('when an earlier process failed, its time is what is said from the first attempt on', async () => {
  const desk = await against(notStored, stored({ incident: 'inc_0001' }));
  await desk.run([...KILL, '--failed-since', '2026-03-31T08:00:00Z']);
  expect(functions.asked.map(({ failedSince }) => failedSince)).toEqual([
    '2026-03-31T08:00:00Z',
    '2026-03-31T08:00:00Z',
  ]);
});

test('without an incident in the answer, that is said', async () => {
  const desk = await against(notStored, stored());
  expect((await desk.run(KILL)).stdout).toContain('names no incident');
});

test('with --once it is tried once: exit code 7, nothing on stdout, and how to go on', async () => {
  const desk = await against(notStored);
  const { exitCode, stdout, stderr } = await desk.run([...KILL, '--once', '--request-id', 'mine']);
  expect({ exitCode, stdout, pauses: desk.pauses }).toEqual({ exitCode: 7, stdout: '', pauses: [] });
  expect(functions.asked).toHaveLength(1);
  expect(stderr).toMatch(/^NOT CONTAINED/u);
  expect(stderr).toContain('2.  Take its tokens.');
  expect(stderr).toContain(`--failed-since ${BEGUN} --request-id mine`);
});

test('for programs: one object on stdout at the end, one line on stderr for each attempt that failed', async () => {
  const desk = await against(notStored, notStored, stored({ incident: 'inc_0001' }));
  const { exitCode, stdout, stderr } = await desk.run([...KILL, '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual(response({ incident: 'inc_0001' }));
  const lines = stderr.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { error: unknown }).error)).toEqual(
    Array.from({ length: 2 }, () =>
      expect.objectContaining({
        exitCode: 7,
        details: expect.objectContaining({
          ...{ reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0' },
          steps: ['Scale it to zero.', 'Take its tokens.'],
        }),
      }),
    ),
  );
});

test('when nothing answers it is as bad: tried again, with steps of the command line itself', async () => {
  // Each attempt is two calls: a line that breaks is tried again at once, with the same words.
  const desk = await against(lost, lost, lost, lost, stored({ incident: 'inc_0001' }));
  const { exitCode, stderr } = await desk.run(KILL);
  expect(exitCode).toBe(0);
  expect(desk.pauses).toEqual([300, 5000, 300, 5000]);
  expect(stderr).toContain('docs/runbooks/kill-switch.md');
  expect(functions.asked.map(({ failedSince }) => failedSince)).toEqual([
    ...[undefined, undefined],
    ...['2026-03-31T09:00:00.000Z', '2026-03-31T09:00:00.000Z', '2026-03-31T09:00:00.000Z'],
  ]);
});

test('an attempt that was stored and lost its answer is found, and not made a second one', async () => {
  const reused = refused('FAILED_PRECONDITION', { code: 'CONFLICT', reason: 'REQUEST_ID_REUSED' });
  const desk = await against(lost, lost, reused, stored());
  const { exitCode, stdout } = await desk.run(KILL);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('An attempt before this one had been stored');
  const [first, , , last] = functions.asked;
  expect(last).toEqual(first);
});

test('a refusal that waiting cannot mend is told at once', async () => {
  const desk = await against(refused('PERMISSION_DENIED', { code: 'PERMISSION_DENIED', reason: 'NO_TOKEN' }));
  const { exitCode, stderr } = await desk.run(KILL);
  expect({ exitCode, pauses: desk.pauses }).toEqual({ exitCode: 4, pauses: [] });
  expect(stderr).not.toContain('NOT CONTAINED');
});

test('a refusal after attempts that failed ends it, and is still 7: nothing was stopped', async () => {
  const desk = await against(notStored, refused('UNAUTHENTICATED', { code: 'UNAUTHENTICATED', reason: 'NO_TOKEN' }));
  const { exitCode, stdout, stderr } = await desk.run(KILL);
  expect({ exitCode, stdout, pauses: desk.pauses }).toEqual({ exitCode: 7, stdout: '', pauses: [5000] });
  expect(stderr.match(/^NOT CONTAINED/gmu)).toHaveLength(2);
});

test('names of files, which a star without quotes becomes, kill nothing', async () => {
  const desk = await against(stored());
  const { exitCode, stderr } = await desk.run([
    'policy',
    'kill',
    'a.json',
    'b.json',
    '--reason',
    'Everything must stop.',
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("muster policy kill '*'");
  expect(functions.asked).toEqual([]);
});

test('on a terminal the words are red', async () => {
  functions = await forgedFunctions(notStored);
  const { stderr } = await deskInProcess(functions.url, { color: true }).run([...KILL, '--once']);
  expect(stderr.startsWith('\u001b[31m\u001b[1mNOT CONTAINED')).toBe(true);
});
