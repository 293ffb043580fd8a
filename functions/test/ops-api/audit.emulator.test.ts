/** `GET /api/ops/audit` through the Hosting rewrite, line by line as existing clients depend on it. */
import type { AuditRow } from '@muster/contract/audit/entry';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
let requestId: string;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
  requestId = `${suite.mark}-audit`;
  const { authorization } = staff;
  const headers = { 'x-request-id': requestId };
  const post = async (body: object) => {
    const answer = await ask('POST /api/ops/drills', { authorization, headers, body: JSON.stringify(body) });
    return (answer.json['drill'] as { id: string }).id;
  };
  const scenarioId = suite.scenarioId;
  const drillId = await post({ scenarioId, status: 'started', notes: 'words' });
  await suite.call('drills-recordEvent', { drillId, type: 'observation' }, staff, headers);
  await post({ scenarioId, status: 'completed', outcome: 'success' });
});
afterAll(() => suite.close());

const query = async (parameters: string): Promise<AuditRow[]> => {
  const answer = await ask(`GET /api/ops/audit${parameters}`, { authorization: staff.authorization });
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.json)).toEqual(['ok', 'rows']);
  return answer.json['rows'] as AuditRow[];
};
const ours = async (parameters: string) =>
  (await query(parameters)).filter(({ callerRequestId }) => callerRequestId === requestId).map(({ action }) => action);

test('a row has every field that existing clients read, and since 0.2.0 a few more', async () => {
  const row = (await query('?limit=200')).findLast(({ callerRequestId }) => callerRequestId === requestId);
  expect(row).toEqual({
    id: expect.stringMatching(/^aud_/u),
    at: expect.stringMatching(/Z$/u),
    actorType: 'staff',
    actorId: staff.uid,
    action: 'studio_ops.drill_event',
    rationale: null,
    target: expect.stringMatching(/^drills\/drl_/u),
    outcome: 'success',
    severity: 'P1',
    drillId: expect.stringMatching(/^drl_/u),
    incidentId: null,
    correlationId: expect.stringMatching(/^req_[a-z0-9]{20}$/u),
    callerRequestId: requestId,
    // Google's front end says it; the emulators have none.
    ip: null,
    sessionId: expect.stringMatching(/^ses_/u),
    leafIndex: null,
    exercise: true,
    metadata: expect.objectContaining({
      scenarioId: suite.scenarioId,
      status: 'started',
      outcome: null,
      notes: 'words',
      mttrMinutes: null,
      unresolvedRisks: [],
    }),
  });
});

test.each<[string, string[]]>([
  ['', ['studio_ops.drill_event', 'studio_ops.drill_event']],
  ['&actionPrefix=studio_ops.', ['studio_ops.drill_event', 'studio_ops.drill_event']],
  ['&actionPrefix=studio_ops.drill_ev', ['studio_ops.drill_event', 'studio_ops.drill_event']],
  ['&actionPrefix=drills.event_rec', ['drills.event_recorded']],
  ['&actionPrefix=d', ['drills.event_recorded']],
  ['&actionPrefix=studio_ops.degraded_mode_', []],
  ['&actionPrefix=rill', []],
])('the prefix "%s" finds %j', async (parameters, actions) => {
  expect(await ours(`?limit=200${parameters}`)).toEqual(actions);
});

test('an empty prefix finds everything, the newest first', async () => {
  expect(await ours('?limit=200&actionPrefix=')).toEqual([
    'studio_ops.drill_event',
    'drills.event_recorded',
    'studio_ops.drill_event',
  ]);
  const times = (await query('?limit=200&actionPrefix=')).map(({ at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
});

test('as many rows come as were asked for', async () => {
  expect(await query('?limit=1')).toHaveLength(1);
  expect((await query('')).length).toBeLessThanOrEqual(50);
});

test.each<[string, string]>([
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=5&limit=6', 'limit'],
  ['actionPrefix=Studio', 'actionPrefix'],
  ['actionPrefix=a%2Fb', 'actionPrefix'],
  [`actionPrefix=${'a'.repeat(81)}`, 'actionPrefix'],
  ['sort=asc', 'sort'],
])('?%s is answered 400 and names the field', async (parameters, field) => {
  const answer = await ask(`GET /api/ops/audit?${parameters}`, { authorization: staff.authorization });
  expect(refusalIn(answer)).toMatchObject({ status: 400, ok: false, fields: [field] });
});
