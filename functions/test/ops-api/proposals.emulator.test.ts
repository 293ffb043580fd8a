/** `/api/capabilities/proposals` through the Hosting rewrite, line by line as existing clients depend on it. */
import { givenAgain } from '../request-ids';
import { delegationRefusal, refusal } from '@muster/contract/ops-api';
import { HOUR } from '../harness';
import { granted, PROPOSAL } from '../proposals';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask, refusalIn, type Answer } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
let agent: SuitePerson;
let owner: string;
/** A delegation from the owner to the agent that holds. */
let held: string;
beforeAll(async () => {
  suite = await runningSuite();
  [staff, agent] = await Promise.all([suite.person('staff'), suite.person('member')]);
  owner = `${suite.mark}-owner`;
  held = `dlg_${suite.mark}held`;
  await delegate(held);
});
afterAll(() => suite.close());

const ago = (hours: number): Date => new Date(Date.now() - hours * HOUR);
const delegate = (id: string, over: object = {}) =>
  suite.firestore
    .doc(`muster_delegations/${id}`)
    .set(granted({ owner, agent: agent.uid, grantedAt: ago(1), sessionAt: ago(2), expiresAt: ago(-24), ...over }));

const POST = 'POST /api/capabilities/proposals';
const send = (route: string, body: object | undefined, who = agent, headers: Record<string, string> = {}) =>
  ask(route, { authorization: who.authorization, headers, body: body && JSON.stringify(body) });
const create = (more: object = {}, headers?: Record<string, string>): Promise<Answer> =>
  send(POST, { ...PROPOSAL, ...more }, agent, headers);
const created = async (more: object = {}): Promise<string> => {
  const { status, json, text } = await create(more);
  expect({ status, text: status === 201 ? '' : text }).toEqual({ status: 201, text: '' });
  return (json['proposal'] as { id: string }).id;
};
const approved = async (more: object = {}): Promise<string> => {
  const id = await created(more);
  expect((await send(`${POST}/${id}/approve`, {}, staff)).status).toBe(200);
  return id;
};

describe('POST /api/capabilities/proposals', () => {
  test('is answered 201 with the proposal', async () => {
    const { status, json } = await create({ delegation: held, input: { a: [[1]] }, scope: 'repo:acme/web' });
    expect({ status, json }).toEqual({
      status: 201,
      json: {
        ok: true,
        proposal: expect.objectContaining({
          id: expect.stringMatching(/^prp_/u),
          ...PROPOSAL,
          actor: agent.uid,
          owner,
          delegation: held,
          input: { a: [[1]] },
          status: 'proposed',
        }),
      },
    });
  });

  const carried = () => ({ actor: agent.uid, owner });
  test.each<[string, () => object, string]>([
    ['without actor and owner', () => ({ delegation: { id: held } }), 'DELEGATION_MISSING'],
    ['with nulls for them', () => ({ delegation: { actor: null, owner: null } }), 'DELEGATION_MISSING'],
    ['with revokedAt', () => ({ delegation: { ...carried(), revokedAt: ago(1) } }), 'DELEGATION_REVOKED'],
    ['with expiresAt in the past', () => ({ delegation: { ...carried(), expiresAt: ago(1) } }), 'DELEGATION_EXPIRED'],
    ['for another actor', () => ({ delegation: { ...carried(), actor: staff.uid } }), 'DELEGATION_ACTOR_MISMATCH'],
    ['that is not stored', () => ({ delegation: 'dlg_none' }), 'DELEGATION_MISSING'],
    ['that is for something else', () => ({ delegation: held, capability: 'billing.charge' }), 'SCOPE_MISMATCH'],
  ])('carrying a delegation %s is answered 403 {ok: false, reasonCode, message}', async (_, more, reasonCode) => {
    const { status, json } = await create(more());
    expect({ status, ...json }).toMatchObject({
      status: 403,
      ok: false,
      reasonCode,
      message: expect.stringMatching(/Nothing was changed\.$/u),
      code: 'NOT_DELEGATED',
      details: { reason: reasonCode },
    });
    expect(delegationRefusal.safeParse(json).error).toBeUndefined();
  });

  test('whose stored delegation was revoked is answered 403, though what it carries says otherwise', async () => {
    const id = `dlg_${suite.mark}revoked`;
    await delegate(id, { revokedAt: ago(0.5), revokedBy: owner, revokeReason: 'why' });
    const { status, json } = await create({ delegation: { ...carried(), id, revokedAt: null } });
    expect({ status, reasonCode: json['reasonCode'] }).toEqual({ status: 403, reasonCode: 'DELEGATION_REVOKED' });
  });

  test.each<[string, object, string]>([
    ['no capability', { capability: undefined }, 'capability'],
    ['a short rationale', { rationale: 'because' }, 'rationale'],
    ['an input that is a text', { input: 'rm -rf' }, 'input'],
    ['a delegation of another kind', { delegation: 7 }, 'delegation'],
    ['a requestId in the body', { requestId: 'r' }, 'requestId'],
  ])('with %s is answered 400 and names it', async (_, more, field) => {
    expect(refusalIn(await create(more))).toMatchObject({ status: 400, ok: false, fields: [field] });
  });

  test('without a body is answered 400 and names what is missing', async () => {
    expect(refusalIn(await send(POST, undefined))).toMatchObject({ status: 400, fields: ['capability', 'rationale'] });
  });

  test('is done once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': `${suite.mark}-key` };
    const first = await create({}, key);
    const again = await create({}, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(givenAgain(first.json));
    const other = refusalIn(await create({ scope: 'other' }, key));
    expect(other).toMatchObject({ status: 409, reason: 'REQUEST_ID_REUSED' });
  });
});

describe('/api/capabilities/proposals/{id}', () => {
  test('approve, then execute without any body, then execute again', async () => {
    const id = await created({ delegation: held });
    const approval = await send(`${POST}/${id}/approve`, { reason: 'looked at' }, staff);
    expect({ status: approval.status, json: approval.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, proposal: { id, status: 'approved', decidedBy: staff.uid } },
    });
    const execution = await send(`${POST}/${id}/execute`, undefined);
    expect({ status: execution.status, json: execution.json }).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, proposal: { id, status: 'executed', executedBy: agent.uid } },
    });
    const again = await send(`${POST}/${id}/execute`, {}, staff);
    expect(refusalIn(again)).toMatchObject({ status: 409, ok: false, code: 'CONFLICT', reason: 'WRONG_STATE' });
    // No restriction stands against it: not in the shape of one.
    expect(refusal.safeParse(again.json).error).toBeUndefined();
  });

  test('reject, again the same, then nothing else', async () => {
    const id = await created();
    for (const changed of [true, false]) {
      const { status, json } = await send(`${POST}/${id}/reject`, { reason: 'not now' }, staff);
      expect({ status, json }).toMatchObject({
        status: 200,
        json: { ok: true, changed, proposal: { status: 'rejected', decisionReason: 'not now' } },
      });
    }
    for (const [way, who] of [
      ['approve', staff],
      ['execute', agent],
    ] as const) {
      const refused = refusalIn(await send(`${POST}/${id}/${way}`, {}, who));
      expect(refused).toMatchObject({ status: 409, reason: 'WRONG_STATE' });
    }
  });

  test('execute is answered 403 with the reason when the delegation was revoked meanwhile', async () => {
    const delegation = `dlg_${suite.mark}meanwhile`;
    await delegate(delegation);
    const id = await approved({ delegation });
    await delegate(delegation, { revokedAt: ago(0), revokedBy: owner, revokeReason: 'why' });
    const { status, json } = await send(`${POST}/${id}/execute`, undefined);
    expect({ status, ...json }).toMatchObject({
      status: 403,
      ok: false,
      reasonCode: 'DELEGATION_REVOKED',
      code: 'NOT_DELEGATED',
    });
    expect(delegationRefusal.safeParse(json).error).toBeUndefined();
  });

  test('20 executions at once are one', async () => {
    const id = await approved();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(`${POST}/${id}/execute`, undefined)));
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(answers.flatMap(({ status, json }) => (status === 200 ? [json['changed']] : []))).toEqual([true]);
  });

  test('an id that is none is answered 400, one that there is not 404, another person’s 404', async () => {
    const id = await approved();
    const other = await suite.person('member');
    for (const [path, who, status, field] of [
      ['drl_aaaa/execute', agent, 400, 'proposalId'],
      ['prp_a%2Fb/execute', agent, 400, 'proposalId'],
      ['prp_none/execute', agent, 404, 'proposalId'],
      ['prp_none/approve', staff, 404, 'proposalId'],
      [`${id}/execute`, other, 404, 'proposalId'],
    ] as const) {
      expect(refusalIn(await send(`${POST}/${path}`, {}, who))).toMatchObject({ status, ok: false, fields: [field] });
    }
  });

  test('takes nothing beside what it takes', async () => {
    const id = await created();
    for (const [way, body, field] of [
      ['approve', { proposalId: 'prp_other' }, 'proposalId'],
      ['reject', { reason: '' }, 'reason'],
      ['execute', { reason: 'why' }, 'reason'],
    ] as const) {
      const refused = refusalIn(await send(`${POST}/${id}/${way}`, body, staff));
      expect(refused).toMatchObject({ status: 400, fields: [field] });
    }
  });
});
