/** `/api/capabilities/*` beside proposals, through the Hosting rewrite: who may, the kill switch's input, lists, audit. */
import type { AuditRow } from '@muster/contract/audit/entry';
import { PROPOSAL } from '../proposals';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn } from '../security/suite-client';

const POST = 'POST /api/capabilities/proposals';
const KILL = 'POST /api/capabilities/policy/kill-switch';
const LIST = 'GET /api/capabilities/proposals';
const AUDIT = 'GET /api/capabilities/audit';

let suite: RunningSuite;
let staff: SuitePerson;
let auditor: SuitePerson;
let agent: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  [staff, auditor, agent] = await Promise.all([suite.person('staff'), suite.person('auditor'), suite.person('member')]);
});
afterAll(() => suite.close());

const send = (route: string, body: object | undefined, who = agent, headers: Record<string, string> = {}) =>
  ask(route, { authorization: who.authorization, headers, body: body && JSON.stringify(body) });
const created = async (more: object = {}, headers: Record<string, string> = {}): Promise<string> => {
  const { status, json, text } = await send(POST, { ...PROPOSAL, ...more }, agent, headers);
  expect({ status, text: status === 201 ? '' : text }).toEqual({ status: 201, text: '' });
  return (json['proposal'] as { id: string }).id;
};

describe('who may', () => {
  test('anyone who is signed in proposes and executes; staff decides; staff and auditors look', async () => {
    const id = await created();
    const asMember = [`${POST}/${id}/approve`, `${POST}/${id}/reject`, KILL, LIST, AUDIT];
    for (const route of asMember) {
      const body = route.startsWith('POST') ? {} : undefined;
      expect(refusalIn(await send(route, body))).toMatchObject({ status: 401, ok: false, reason: 'ROLE_MISSING' });
    }
    for (const route of [LIST, AUDIT]) expect((await send(route, undefined, auditor)).status).toBe(200);
    for (const route of [POST, `${POST}/${id}/execute`, ...asMember]) {
      const body = route.startsWith('POST') ? '{}' : undefined;
      expect(refusalIn(await ask(route, { body }))).toMatchObject({ status: 401, ok: false, reason: 'NO_TOKEN' });
    }
  });
});

test.each<[string, object, string]>([
  ['a rationale of nine characters', { enabled: true, rationale: 'x'.repeat(9) }, 'rationale'],
  ['ten characters that are mostly space', { enabled: true, rationale: ' xxxxxxxx ' }, 'rationale'],
  ['no rationale', { enabled: false }, 'rationale'],
  ['no word on whether', { rationale: 'it went wrong' }, 'enabled'],
])(`${KILL} with %s is answered 400 and names it`, async (_, body, field) => {
  expect(refusalIn(await send(KILL, body, staff))).toMatchObject({ status: 400, ok: false, fields: [field] });
});

describe(LIST, () => {
  test('tells proposals, newest first, as many as asked for, of one status', async () => {
    const [first, second] = [await created(), await created()];
    const { status, json } = await send(`${LIST}?limit=200&status=proposed`, undefined, auditor);
    expect({ status, keys: Object.keys(json) }).toEqual({ status: 200, keys: ['ok', 'proposals'] });
    const ours = (json['proposals'] as { id: string; status: string }[]).filter(({ id }) =>
      [first, second].includes(id),
    );
    expect(ours.map(({ id }) => id)).toEqual([second, first]);
    expect((await send(`${LIST}?limit=1`, undefined, auditor)).json['proposals']).toHaveLength(1);
  });

  test.each([
    ['limit=0', 'limit'],
    ['status=expired', 'status'],
    ['sort=asc', 'sort'],
  ])('?%s is answered 400 and names the field', async (query, field) => {
    expect(refusalIn(await send(`${LIST}?${query}`, undefined, auditor))).toMatchObject({
      status: 400,
      fields: [field],
    });
  });
});

test(`${AUDIT} tells entries of capabilities alone, newest first`, async () => {
  const requestId = `${suite.mark}-proposals`;
  const headers = { 'x-request-id': requestId };
  const id = await created({ input: { note: 'words' } }, headers);
  await send(`${POST}/${id}/approve`, { reason: 'looked at' }, staff, headers);
  await send(`${POST}/${id}/execute`, undefined, agent, headers);
  await send('POST /api/ops/drills', { scenarioId: suite.scenarioId, status: 'scheduled' }, staff, headers);

  const answer = await send(`${AUDIT}?limit=200`, undefined, auditor);
  expect({ status: answer.status, keys: Object.keys(answer.json) }).toEqual({ status: 200, keys: ['ok', 'rows'] });
  const rows = answer.json['rows'] as AuditRow[];
  expect(rows.filter(({ action }) => !action.startsWith('capability.'))).toEqual([]);
  const ours = rows.filter(({ callerRequestId }) => callerRequestId === requestId);
  expect(ours.map(({ action, rationale, target }) => ({ action, rationale, target }))).toEqual([
    { action: 'capability.action_executed', rationale: null, target: `proposals/${id}` },
    { action: 'capability.action_approved', rationale: 'looked at', target: `proposals/${id}` },
    { action: 'capability.action_requested', rationale: PROPOSAL.rationale, target: `proposals/${id}` },
  ]);
  expect((await send(`${AUDIT}?limit=1`, undefined, auditor)).json['rows']).toHaveLength(1);
  for (const [query, field] of [
    ['limit=201', 'limit'],
    ['actionPrefix=studio_ops.', 'actionPrefix'],
  ] as const) {
    const refused = refusalIn(await send(`${AUDIT}?${query}`, undefined, auditor));
    expect(refused).toMatchObject({ status: 400, fields: [field] });
  }
});
