/** `/api/ops/drills` through the Hosting rewrite, line by line as existing clients depend on it. */
import { givenAgain } from '../request-ids';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
let auditor: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  [staff, auditor] = await Promise.all([suite.person('staff'), suite.person('auditor')]);
});
afterAll(() => suite.close());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask('POST /api/ops/drills', { authorization: staff.authorization, body: JSON.stringify(body), headers });
const done = async (body: object, headers?: Record<string, string>) => {
  const { status, json, text } = await post(body, headers);
  expect({ status, ok: json['ok'], text: status === 200 ? '' : text }).toEqual({ status: 200, ok: true, text: '' });
  return json as { drill: { id: string; status: string } };
};
const list = (query: string, who: SuitePerson = auditor) =>
  ask(`GET /api/ops/drills${query}`, { authorization: who.authorization });
const rowsOf = async (scenarioId: string) => {
  const { json } = await list('?limit=200');
  return (json['rows'] as Record<string, unknown>[]).filter((row) => row['scenarioId'] === scenarioId);
};

describe('POST /api/ops/drills', () => {
  test('records every status, and each is a row with the fields that were posted, newest first', async () => {
    const scenarioId = `${suite.mark}-rows`;
    await done({ scenarioId, status: 'scheduled' });
    await done({ scenarioId, status: 'started', outcome: 'in_progress' });
    await done({
      scenarioId,
      status: 'completed',
      outcome: 'partial',
      notes: 'words',
      mttrMinutes: 42,
      unresolvedRisks: ['one', 'two'],
    });
    await done({ scenarioId, status: 'cancelled', notes: 'another time' });

    const nothing = { outcome: null, notes: null, mttrMinutes: null, unresolvedRisks: [] };
    const row = { id: expect.stringMatching(/^aud_/u), at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/u), scenarioId };
    expect(await rowsOf(scenarioId)).toEqual([
      { ...row, ...nothing, status: 'cancelled', notes: 'another time' },
      {
        ...row,
        status: 'completed',
        outcome: 'partial',
        notes: 'words',
        mttrMinutes: 42,
        unresolvedRisks: ['one', 'two'],
      },
      { ...row, ...nothing, status: 'started', outcome: 'in_progress' },
      { ...row, ...nothing, status: 'scheduled' },
    ]);
  });

  test('completes the running drill of the scenario', async () => {
    const scenarioId = `${suite.mark}-complete`;
    const { drill } = await done({ scenarioId, status: 'started' });
    expect(await done({ scenarioId, status: 'completed', outcome: 'success' })).toMatchObject({
      drill: { id: drill.id, status: 'completed' },
    });
  });

  test('posted "completed" eight times at once for one running drill makes no second drill of the winner', async () => {
    const scenarioId = `${suite.mark}-race`;
    const { drill } = await done({ scenarioId, status: 'started' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post({ scenarioId, status: 'completed', outcome: 'success' })),
    );
    const completions = answers.flatMap(({ status, json }) =>
      status === 200 ? [(json['drill'] as { id: string }).id] : [],
    );
    // Who read while it ran and lost is told 409; who read it as completed already records one held outside.
    expect(new Set(answers.map(({ status }) => status).filter((status) => status !== 200))).toEqual(
      new Set(completions.length < 8 ? [409] : []),
    );
    expect(completions.filter((id) => id === drill.id)).toHaveLength(1);
    expect(await rowsOf(scenarioId)).toHaveLength(1 + completions.length);
  });

  test('is done once for one Idempotency-Key', async () => {
    const scenarioId = `${suite.mark}-once`;
    const key = { 'idempotency-key': `${suite.mark}-key` };
    const body = { scenarioId, status: 'completed', outcome: 'success' };
    const first = await done(body, key);
    expect(await done(body, key)).toEqual(givenAgain(first));
    expect(refusalIn(await post({ ...body, outcome: 'failed' }, key))).toMatchObject({
      status: 409,
      ok: false,
      reason: 'REQUEST_ID_REUSED',
    });
    expect(await rowsOf(scenarioId)).toHaveLength(1);
    expect(refusalIn(await post(body, { 'idempotency-key': 'a b' }))).toMatchObject({
      status: 400,
      fields: ['Idempotency-Key'],
    });
  });

  test.each<[string, unknown, string]>([
    ['no scenarioId', { status: 'started' }, 'scenarioId'],
    ['a scenarioId that is a number', { scenarioId: 1, status: 'started' }, 'scenarioId'],
    ['no status', { scenarioId: 'x' }, 'status'],
    ['a status that is not one', { scenarioId: 'x', status: 'running' }, 'status'],
    ['an outcome that is not one', { scenarioId: 'x', status: 'completed', outcome: 'ok' }, 'outcome'],
    ['a list', [{ scenarioId: 'x', status: 'started' }], '(body)'],
  ])('with %s is answered 400 {ok: false, message} that names it', async (_, body, field) => {
    const answer = await post(body);
    expect(answer.json).toMatchObject({ ok: false, message: expect.stringContaining(field) });
    expect(refusalIn(answer)).toMatchObject({ status: 400, fields: [field] });
  });
});

describe('GET /api/ops/drills', () => {
  test('gives 50 rows unless told otherwise, and as many as asked for', async () => {
    const scenarioId = `${suite.mark}-many`;
    await Promise.all(Array.from({ length: 51 }, () => done({ scenarioId, status: 'completed', outcome: 'success' })));
    const lengths: number[] = [];
    for (const query of ['', '?limit=1', '?limit=51']) {
      lengths.push(((await list(query)).json['rows'] as unknown[]).length);
    }
    expect(lengths).toEqual([50, 1, 51]);
  });

  test('is for staff too, in the same shape', async () => {
    const { status, json } = await list('?limit=1', staff);
    expect({ status, keys: Object.keys(json) }).toEqual({ status: 200, keys: ['ok', 'rows'] });
  });

  test.each(['0', '201', '-1', '1.5', 'ten', ''])('refuses ?limit=%s by name', async (limit) => {
    expect(refusalIn(await list(`?limit=${limit}`))).toMatchObject({ status: 400, ok: false, fields: ['limit'] });
  });
});
