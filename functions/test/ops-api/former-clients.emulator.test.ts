/** Clients of before, in exactly the words that they send, and their three chaos scripts. */
import { delegationRefusal, tooManyRefusal } from '@muster/contract/ops-api';
import { NORMAL } from '@muster/guard/policy-document';
import { OF_EVERYBODY } from '../../src/platform/operations/account-budget';
import { localApi, type LocalApi } from '../local-api';
import { granted } from '../proposals';
import type { RecordedCapability } from './former-clients';

const POST = 'POST /api/capabilities/proposals';
const KILL = 'POST /api/capabilities/policy/kill-switch';
const HEALTH = 'GET /api/connectors/health';

let api: LocalApi;
let staff: string;
let other: string;
let admin: string;
let member: string;
beforeAll(async () => {
  api = await localApi();
  [staff, other, admin, member] = await Promise.all([
    api.person('uid-staff', 'staff'),
    api.person('uid-other', 'staff'),
    api.person('uid-admin', 'admin'),
    api.person('uid-member'),
  ]);
  await api.backend.firestore
    .doc('muster_delegations/dlg_held')
    .set(
      granted({ owner: 'uid-owner', agent: 'uid-agent', grantedAt: ago(1), sessionAt: ago(2), expiresAt: ago(-24) }),
    );
});
afterEach(() => api.backend.firestore.doc('muster_policy/current').set(NORMAL));
afterAll(() => api.close());

const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
const iso = (hours: number): string => ago(hours).toISOString();

const body = (more: Partial<RecordedCapability> = {}): RecordedCapability => ({
  actorType: 'agent',
  actorId: 'uid-agent',
  ownerUid: 'uid-owner',
  capabilityId: 'shipping.commit',
  rationale: 'the release is due today',
  previewSummary: 'Pushes the release branch.',
  requestInput: { repository: 'acme/web', branch: 'release' },
  expectedEffects: ['a commit on release', 'a notice to the team'],
  ...more,
});
const held = { delegationId: 'dlg_held', agentUid: 'uid-agent', ownerUid: 'uid-owner' };
const propose = (more: Partial<RecordedCapability> = {}, who = staff) => api.ask(POST, who, body(more));
const idOf = ({ json }: Awaited<ReturnType<typeof propose>>): string => (json['proposal'] as { id: string }).id;

describe('a proposal', () => {
  test('is taken as it is sent: 201 with the proposal, and the audit names agent and caller', async () => {
    const { status, json } = await propose({ delegation: { ...held, scopes: ['shipping'], issuedAt: iso(1) } });
    expect({ status, json }).toEqual({
      status: 201,
      json: {
        ok: true,
        proposal: expect.objectContaining({
          id: expect.stringMatching(/^prp_/u),
          ...{ actor: 'uid-agent', proposedBy: 'uid-staff', owner: 'uid-owner', ownerLabel: null },
          ...{ capability: 'shipping.commit', delegation: 'dlg_held', status: 'proposed' },
          previewSummary: 'Pushes the release branch.',
          expectedEffects: ['a commit on release', 'a notice to the team'],
          input: { repository: 'acme/web', branch: 'release' },
        }),
      },
    });
    const { json: audit } = await api.ask('GET /api/capabilities/audit?limit=1', staff);
    expect(JSON.stringify(audit)).toMatch(/uid-staff.*uid-agent|uid-agent.*uid-staff/u);
  });

  test("without a delegation is the agent's own: ownerUid is a label, and gives nothing", async () => {
    const { json } = await propose({});
    expect(json['proposal']).toMatchObject({ actor: 'uid-agent', owner: 'uid-agent', ownerLabel: 'uid-owner' });
  });

  test('of staff for themselves is theirs', async () => {
    const { json } = await propose({ actorType: 'staff', actorId: 'uid-staff', ownerUid: 'uid-staff' });
    expect(json['proposal']).toMatchObject({ actor: 'uid-staff', owner: 'uid-staff', proposedBy: 'uid-staff' });
  });

  test.each<[string, Partial<RecordedCapability>, string]>([
    ['lacks the agent', { delegation: { delegationId: 'dlg_held', ownerUid: 'uid-owner' } }, 'DELEGATION_MISSING'],
    ['lacks the owner', { delegation: { delegationId: 'dlg_held', agentUid: 'uid-agent' } }, 'DELEGATION_MISSING'],
    ['lacks all', { delegation: {} }, 'DELEGATION_MISSING'],
    ['is of another agent', { delegation: { ...held, agentUid: 'uid-x' } }, 'DELEGATION_ACTOR_MISMATCH'],
    ['is of another owner', { delegation: { ...held, ownerUid: 'uid-x' } }, 'DELEGATION_ACTOR_MISMATCH'],
    ['was revoked', { delegation: { ...held, revokedAt: iso(1) } }, 'DELEGATION_REVOKED'],
    ['has expired', { delegation: { ...held, expiresAt: iso(1) } }, 'DELEGATION_EXPIRED'],
    ['Muster does not know', { delegation: { ...held, delegationId: 'dlg_none' } }, 'DELEGATION_MISSING'],
    ['has an id of others', { delegation: { ...held, delegationId: 'delegation/7' } }, 'DELEGATION_MISSING'],
  ])('whose delegation %s is answered 403 {ok: false, reasonCode, message}', async (_, more, reasonCode) => {
    const { status, json } = await propose(more);
    expect({ status, json }).toMatchObject({ status: 403, json: { ok: false, reasonCode } });
    expect(delegationRefusal.safeParse(json).error).toBeUndefined();
  });

  test('what is carried grants nothing: the one that stands decides', async () => {
    await api.backend.firestore.doc('muster_delegations/dlg_revoked').set(
      granted({
        owner: 'uid-owner',
        agent: 'uid-agent',
        expiresAt: ago(-24),
        revokedAt: ago(0.5),
        revokedBy: 'uid-owner',
      }),
    );
    const claims = { ...held, delegationId: 'dlg_revoked', scopes: ['*'], expiresAt: iso(-99), revokedAt: null };
    expect(await propose({ delegation: claims })).toMatchObject({
      status: 403,
      json: { reasonCode: 'DELEGATION_REVOKED' },
    });
  });

  test.each<[string, Partial<RecordedCapability>, string[]]>([
    ['no rationale', { rationale: undefined as never }, ['rationale']],
    ['a rationale of nine characters', { rationale: 'x'.repeat(9) }, ['rationale']],
    ['an actor that is a path', { actorId: 'a/b' }, ['actorId']],
    ['a type that is none', { actorType: 'robot' as never }, ['actorType']],
    ['effects that are no list', { expectedEffects: 'a commit' as never }, ['expectedEffects']],
    ['an input that is a text', { requestInput: 'rm -rf' as never }, ['requestInput']],
    ['what nobody sends', { surprise: 1 } as never, ['surprise']],
  ])('with %s is answered 400 and names it in these words', async (_, more, fields) => {
    const { status, json } = await propose(more);
    const named = (json['details'] as { fields: { field: string }[] }).fields.map(({ field }) => field);
    expect({ status, named }).toEqual({ status: 400, named: fields });
  });

  test('is refused in this order: body, carried, stored, identities, restriction', async () => {
    await api.ask(KILL, staff, { enabled: true, rationale: 'the agent went wrong' });
    const bad = { delegation: { ...held, ownerUid: 'uid-x' } };
    const unknown = { delegation: { ...held, delegationId: 'dlg_none' } };
    const reasons = [
      await propose({ ...bad, rationale: 'short' }, member),
      await propose(bad, member),
      await propose(unknown, member),
      await propose({}, member),
      await propose({}, staff),
    ].map(({ status, json }) => [status, json['reasonCode'] ?? json['code'], json['decision'] !== undefined]);
    expect(reasons).toEqual([
      [400, 'INVALID_ARGUMENT', false],
      [403, 'DELEGATION_ACTOR_MISMATCH', false],
      [403, 'DELEGATION_MISSING', false],
      [403, 'ROLE_MISSING', false],
      [409, 'RESTRICTED', true],
    ]);
    await api.ask(KILL, staff, { enabled: false, rationale: 'the agent was put right' });
  });
});

describe('what becomes of it', () => {
  const decide = (id: string, way: string, sent: object, who = other) => api.ask(`${POST}/${id}/${way}`, who, sent);
  const REASON = 'looked at it closely';

  test('approved with a rationale, and executed with an output, which is kept', async () => {
    const id = idOf(await propose({ delegation: held }));
    expect(await decide(id, 'approve', { rationale: REASON })).toMatchObject({
      status: 200,
      json: { ok: true, proposal: { status: 'approved', decisionReason: REASON } },
    });
    const execution = {
      ...{ actorType: 'agent', actorId: 'uid-agent', ownerUid: 'uid-owner' },
      output: { commit: 'abc', files: [1, 2] },
    };
    expect(await decide(id, 'execute', { ...execution, actorId: 'uid-x' }, staff)).toMatchObject({
      status: 403,
      json: { reasonCode: 'DELEGATION_ACTOR_MISMATCH' },
    });
    expect(await decide(id, 'execute', execution, staff)).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, proposal: { status: 'executed', output: execution.output } },
    });
  });

  test.each(['approve', 'reject'])('%s with nine characters is answered 400', async (way) => {
    const id = idOf(await propose());
    expect(await decide(id, way, { rationale: 'x'.repeat(9) })).toMatchObject({
      status: 400,
      json: { details: { fields: [{ field: 'rationale' }] } },
    });
  });

  test('rejected, and brought back by an admin alone, who says why', async () => {
    const id = idOf(await propose());
    await decide(id, 'reject', { rationale: REASON });
    for (const who of [staff, member]) {
      expect(await decide(id, 'reopen', { reason: REASON }, who)).toMatchObject({ status: 403, json: { ok: false } });
    }
    expect(await decide(id, 'reopen', { reason: 'too short' }, admin)).toMatchObject({ status: 400 });
    expect(await decide(id, 'reopen', { reason: REASON }, admin)).toMatchObject({
      status: 200,
      json: { ok: true, changed: true, proposal: { status: 'proposed', decidedBy: null } },
    });
    expect(await decide(id, 'reopen', { reason: REASON }, admin)).toMatchObject({ json: { changed: false } });
    expect(await decide(id, 'approve', { rationale: REASON })).toMatchObject({ status: 200 });
    expect(await decide(id, 'reopen', { reason: REASON }, admin)).toMatchObject({ status: 409 });
  });
});

describe('their chaos scripts', () => {
  test('kill switch on and off: nothing is proposed between, and again after', async () => {
    expect(await api.ask(KILL, staff, { enabled: true, rationale: 'chaos drill: kill switch on' })).toMatchObject({
      status: 200,
      json: { ok: true, enabled: true },
    });
    const during = await propose({ actorType: 'staff', actorId: 'uid-staff', ownerUid: 'uid-staff' });
    expect(during).toMatchObject({ status: 409, json: { decision: { reasonCode: 'BLOCKED_BY_POLICY' } } });
    expect(await api.ask(KILL, staff, { enabled: false, rationale: 'chaos drill: kill switch off' })).toMatchObject({
      status: 200,
      json: { ok: true, enabled: false },
    });
    expect((await propose({})).status).toBe(201);
  });

  test('twelve reads of connector health', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => api.ask(HEALTH, staff)));
    expect(answers.map(({ status, json }) => [status, json['ok']])).toEqual(answers.map(() => [200, true]));
  });

  test('six proposals with bad delegations, two at once each: all twelve are refused, none by failure', async () => {
    const bad: NonNullable<RecordedCapability['delegation']>[] = [
      { delegationId: 'dlg_held' },
      { delegationId: 'dlg_held', agentUid: 'uid-agent' },
      { ...held, agentUid: 'uid-intruder' },
      { ...held, revokedAt: iso(1) },
      { ...held, expiresAt: iso(1) },
      { ...held, delegationId: 'dlg_forged' },
    ];
    for (const delegation of bad) {
      const answers = await Promise.all([propose({ delegation }), propose({ delegation })]);
      for (const { status, json } of answers) {
        expect({ status, json }).toMatchObject({
          status: 403,
          json: { ok: false, reasonCode: expect.stringMatching(/^DELEGATION_/u), message: expect.any(String) },
        });
      }
    }
  });
});

test('refused for too many: 429, Retry-After and the same number of seconds, at a route as at the door', async () => {
  const flood = await api.person('uid-flood');
  const own = body({ actorType: 'agent', actorId: 'uid-flood', ownerUid: 'uid-flood' });
  for (let count = 0; count < OF_EVERYBODY.changes; count += 1)
    expect((await api.ask(POST, flood, own)).status).toBe(201);
  const sent = (path: string, content: object) =>
    fetch(api.origin + path, {
      method: 'POST',
      headers: { authorization: flood, 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });
  const atRoute = await sent('/api/capabilities/proposals', own);
  const json = (await atRoute.json()) as { retryAfterSeconds: number };
  expect({ status: atRoute.status, retryAfter: Number(atRoute.headers.get('retry-after')) }).toEqual({
    status: 429,
    retryAfter: json.retryAfterSeconds,
  });
  expect(json).toMatchObject({ ok: false, reasonCode: 'RATE_LIMITED', code: 'RATE_LIMITED' });
  expect(tooManyRefusal.safeParse(json).error).toBeUndefined();

  const data = { capability: 'shipping.commit', rationale: 'the release is due' };
  const atDoor = await sent('/api/call/proposals-request', { data });
  expect({ status: atDoor.status, retryAfter: atDoor.headers.get('retry-after') }).toEqual({
    status: 429,
    retryAfter: atRoute.headers.get('retry-after'),
  });
});
