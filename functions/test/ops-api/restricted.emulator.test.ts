/** What `/api/capabilities/*` answers while something is restricted: in a project of its own, so that no other test is. */
import { MusterError } from '@muster/core/errors';
import { NORMAL } from '@muster/guard/policy-document';
import { decisionRefusal, refusal } from '@muster/contract/ops-api';
import { inMode, killing, PROPOSAL } from '../proposals';
import { localApi, type LocalApi } from '../local-api';

let api: LocalApi;
let staff: string;
let agent: string;
beforeAll(async () => {
  api = await localApi();
  [staff, agent] = await Promise.all([api.person('uid-staff', 'staff'), api.person('uid-agent')]);
});
afterEach(() => store(NORMAL));
afterAll(() => api.close());

const KILL = 'POST /api/capabilities/policy/kill-switch';
const POST = 'POST /api/capabilities/proposals';
const store = (policy: object) => api.backend.firestore.doc('muster_policy/current').set(policy);
const created = async (): Promise<string> => {
  const { json } = await api.ask(POST, agent, PROPOSAL);
  return (json['proposal'] as { id: string }).id;
};
const approved = async (): Promise<string> => {
  const id = await created();
  await api.ask(`${POST}/${id}/approve`, staff, {});
  return id;
};

/** All that a restriction refuses, in the order in which a proposal meets it. */
const refusals = async (proposed: string, ready: string) => [
  await api.ask(POST, agent, PROPOSAL),
  await api.ask(`${POST}/${proposed}/approve`, staff, {}),
  await api.ask(`${POST}/${ready}/execute`, agent),
  await api.ask(`${POST}/${ready}/execute`, staff, {}),
];

test('the kill switch stops proposals, approvals and executions, and restored, what was approved is executed', async () => {
  const [proposed, ready] = [await created(), await approved()];
  const killed = await api.ask(KILL, staff, { enabled: true, rationale: 'the agent went wrong' });
  expect(killed).toEqual({
    status: 200,
    json: {
      ok: true,
      changed: true,
      enabled: true,
      message: 'Everything is killed, until someone restores it.',
      killSwitches: [expect.objectContaining({ capability: '*', by: 'uid-staff', reason: 'the agent went wrong' })],
    },
  });

  for (const { status, json } of await refusals(proposed, ready)) {
    expect({ status, json }).toEqual({
      status: 409,
      json: {
        ok: false,
        decision: { reasonCode: 'BLOCKED_BY_POLICY', cause: 'BLOCKED_BY_KILL_SWITCH' },
        message: expect.stringContaining('Everything is killed'),
        code: 'RESTRICTED',
        details: expect.objectContaining({ reason: 'BLOCKED_BY_KILL_SWITCH', state: 'killed' }),
      },
    });
    expect(decisionRefusal.safeParse(json).error).toBeUndefined();
  }
  const rejection = await api.ask(`${POST}/${proposed}/reject`, staff, {});
  expect(rejection).toMatchObject({ status: 200, json: { changed: true, proposal: { status: 'rejected' } } });

  const restored = await api.ask(KILL, staff, { enabled: false, rationale: 'the agent was put right' });
  expect(restored).toMatchObject({ status: 200, json: { ok: true, changed: true, enabled: false, killSwitches: [] } });
  const execution = await api.ask(`${POST}/${ready}/execute`, agent);
  expect(execution).toMatchObject({ status: 200, json: { ok: true, changed: true, proposal: { status: 'executed' } } });

  const { json } = await api.ask('GET /api/capabilities/audit?limit=200', staff);
  const actions = (json['rows'] as { action: string; rationale: string | null }[]).map(({ action }) => action);
  expect(actions).toEqual(
    expect.arrayContaining([
      'capability.policy.kill_switch_enabled',
      'capability.refused',
      'capability.policy.kill_switch_disabled',
    ]),
  );
});

test.each([
  ['its capability is killed', killing('shipping.commit'), 'BLOCKED_BY_KILL_SWITCH'],
  ['the mode is offline', inMode('offline'), 'DEGRADED_MODE'],
  ['the mode is read_only', inMode('read_only'), 'DEGRADED_MODE'],
])('when %s, each is answered 409 with the cause', async (_, policy, cause) => {
  const [proposed, ready] = [await created(), await approved()];
  await store(policy);
  for (const { status, json } of await refusals(proposed, ready)) {
    expect({ status, decision: json['decision'] }).toEqual({
      status: 409,
      decision: { reasonCode: 'BLOCKED_BY_POLICY', cause },
    });
  }
});

test('when the policy cannot be read, each is answered 503 with the same decision', async () => {
  const [proposed, ready] = [await created(), await approved()];
  await store({ version: 7 });
  for (const { status, json } of await refusals(proposed, ready)) {
    expect({ status, json }).toMatchObject({
      status: 503,
      json: {
        ok: false,
        decision: { reasonCode: 'BLOCKED_BY_POLICY', cause: 'POLICY_UNAVAILABLE' },
        code: 'UNAVAILABLE',
        details: { reason: 'POLICY_UNAVAILABLE' },
      },
    });
    expect(decisionRefusal.safeParse(json).error).toBeUndefined();
  }
});

test('an address that is no text is answered 404, and is no failure for the log', async () => {
  const { status, json } = await api.ask(`${POST}/%E0%A4%A/execute`, agent);
  expect({ status, json }).toMatchObject({ status: 404, json: { ok: false, details: { reason: 'UNKNOWN_ROUTE' } } });
  expect(api.backend.logged.filter((line) => line.includes('URIError'))).toEqual([]);
});

test('other routes refuse as they did', async () => {
  await store(inMode('read_only'));
  const { status, json } = await api.ask('POST /api/ops/drills', staff, { scenarioId: 'x', status: 'scheduled' });
  expect(status).toBe(409);
  expect(refusal.safeParse(json).error).toBeUndefined();
});

describe.each(['the token', 'the account'])('while Firebase Auth does not answer, when asked for %s', (what) => {
  const unavailable = new MusterError('UNAVAILABLE', 'Firebase Auth did not answer.', {
    reason: 'STORE_UNAVAILABLE',
    next: 'Try again.',
  });
  let deaf: LocalApi;
  beforeAll(async () => {
    const identity = { uid: 'uid-any', authTime: 0, claimed: ['staff' as const] };
    deaf = await localApi({
      verifier: {
        verify: () => (what === 'the token' ? Promise.reject(unavailable) : Promise.resolve(identity)),
        confirm: () => Promise.reject(unavailable),
      },
    });
  });
  afterAll(() => deaf.close());
  const asked = (body: object) => deaf.ask(KILL, 'Bearer any', body);

  test('a kill that fails says that containment is incomplete, and what to do by hand', async () => {
    expect(await asked({ enabled: true, rationale: 'the agent went wrong' })).toMatchObject({
      status: 503,
      json: {
        ok: false,
        code: 'UNAVAILABLE',
        message: expect.stringContaining('CONTAINMENT IS INCOMPLETE'),
        details: { reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0', capability: '*', steps: expect.any(Array) },
      },
    });
    expect(deaf.backend.logged.filter((line) => line.includes('containment is incomplete'))).toHaveLength(1);
    // Nobody knows who asked: nothing is stored for them, now or later.
    expect(deaf.backend.left).toEqual([]);
    expect(await deaf.backend.auditEntries()).toEqual([]);
  });

  test('what kills nothing, or is no request at all, leaves nothing uncontained', async () => {
    for (const body of [{ enabled: false, rationale: 'the agent was put right' }, { enabled: true }, {}]) {
      expect(await asked(body)).toMatchObject({ status: 503, json: { details: { reason: 'STORE_UNAVAILABLE' } } });
    }
  });
});
