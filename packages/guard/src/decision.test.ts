import type { CapabilityClass } from '@muster/contract/capabilities';
import { GUARD_REASONS } from '@muster/contract/errors';
import { decide, decideOnPolicy, exemptersOf, documentsFor, type GuardRequest } from './decision';
import type { Delegation } from './delegation';
import { paths } from '@muster/core/storage/paths';
import { NO_MODE, NORMAL, type KillSwitch, type PolicyDocument } from './policy-document';

const NOW = new Date('2026-03-31T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const SIGNED_IN = NOW.getTime() / 1000 - 3600;
const REVOKED = { validAfter: later(-60_000), withdrawn: [] };

const killed: KillSwitch = {
  since: later(-1000),
  by: 'uid-staff',
  reason: 'because',
  until: null,
  activation: 'act_1',
  exemptions: {},
};
const killing = (killSwitches: PolicyDocument['killSwitches']): PolicyDocument => ({ ...NORMAL, killSwitches });
const READ_ONLY: PolicyDocument = { ...NORMAL, mode: { ...NO_MODE, name: 'read_only', since: later(-1000) } };

const granted: Delegation = {
  owner: 'ada',
  agent: 'robot',
  capabilities: ['shipping'],
  scope: null,
  reason: 'ships for her',
  grantedAt: later(-60_000),
  sessionAt: new Date(SIGNED_IN * 1000),
  expiresAt: later(60_000),
  revokedAt: null,
  revokedBy: null,
  revokeReason: null,
};

const own: GuardRequest = { capability: 'shipping.commit', actor: 'robot', authTime: SIGNED_IN };
const delegated: GuardRequest = { ...own, owner: 'ada', delegation: 'dlg_1' };

/** What is stored; the rest is missing. */
type Stored = Record<string, unknown>;
const fine: Stored = { [paths.policy()]: NORMAL, [paths.delegation('dlg_1')]: granted };

/** Decides on what is stored, and on nothing that it did not say it needs. */
const decided = (request: GuardRequest, stored: Stored, kind: CapabilityClass = 'connector_write', now = NOW) => {
  const needed = new Set(documentsFor(request, kind).map(({ path }) => path));
  return decide(
    request,
    kind,
    ({ path }) => {
      if (!needed.has(path)) throw new Error(`${path} was looked at and not asked for`);
      return stored[path];
    },
    now,
  );
};
const reasonFor = (request: GuardRequest, changes: Stored, kind?: CapabilityClass, now?: Date): string => {
  const decision = decided(request, { ...fine, ...changes }, kind, now);
  return decision.allowed ? 'allowed' : decision.reason;
};

const POLICY = paths.policy();
const DELEGATION = paths.delegation('dlg_1');
const [ACTORS_SESSION, OWNERS_SESSION] = [paths.revocation('robot'), paths.revocation('ada')];

describe('what a decision rests on', () => {
  const named = (request: GuardRequest, kind: CapabilityClass) => documentsFor(request, kind).map(({ path }) => path);

  test.each<[string, GuardRequest, CapabilityClass, string[]]>([
    ['a write of one’s own', own, 'write', [POLICY, ACTORS_SESSION]],
    ['one without a session', { ...own, authTime: undefined }, 'write', [POLICY]],
    ['one for oneself, said so', { ...own, owner: 'robot' }, 'write', [POLICY, ACTORS_SESSION]],
    ['a read', own, 'read', [ACTORS_SESSION]],
    ['a diagnosis without a session', { ...own, authTime: undefined }, 'diagnostic', []],
    ['one for another', delegated, 'connector_write', [POLICY, ACTORS_SESSION, DELEGATION, OWNERS_SESSION]],
    ['a read for another', delegated, 'read', [ACTORS_SESSION, DELEGATION, OWNERS_SESSION]],
  ])('%s', (_, request, kind, documents) => {
    expect(named(request, kind)).toEqual(documents);
  });
});

describe('allowed', () => {
  test.each<[string, GuardRequest]>([
    ['one’s own', own],
    ['another’s, by a delegation', delegated],
  ])('%s, and in which mode', (_, request) => {
    expect(decided(request, fine)).toEqual({ allowed: true, mode: 'normal' });
    const degraded = { ...NORMAL, mode: { ...NO_MODE, name: 'degraded' } };
    expect(decided(request, { ...fine, [POLICY]: degraded })).toEqual({ allowed: true, mode: 'degraded' });
  });

  test.each(['read', 'diagnostic'] as const)('%s whatever the policy is, also when nobody can read it', (kind) => {
    for (const policy of [killing({ '*': killed }), READ_ONLY, undefined, { version: 9 }]) {
      expect(reasonFor(own, { [POLICY]: policy }, kind)).toBe('allowed');
    }
  });
});

const REFUSED: [why: string, reason: string, request: GuardRequest, changes: Stored][] = [
  ['its name is killed', 'BLOCKED_BY_KILL_SWITCH', own, { [POLICY]: killing({ 'shipping.commit': killed }) }],
  ['what is above it is killed', 'BLOCKED_BY_KILL_SWITCH', own, { [POLICY]: killing({ shipping: killed }) }],
  ['everything is killed', 'BLOCKED_BY_KILL_SWITCH', delegated, { [POLICY]: killing({ '*': killed }) }],
  ['the mode forbids it', 'DEGRADED_MODE', own, { [POLICY]: READ_ONLY }],
  ['there is no delegation', 'DELEGATION_MISSING', delegated, { [DELEGATION]: undefined }],
  ['the delegation is damaged', 'DELEGATION_MISSING', delegated, { [DELEGATION]: { ...granted, expiresAt: 'never' } }],
  ['it names no delegation', 'DELEGATION_MISSING', { ...own, owner: 'ada' }, {}],
  ['it names no owner', 'DELEGATION_MISSING', { ...own, delegation: 'dlg_1' }, {}],
  ['the delegation is another’s', 'DELEGATION_ACTOR_MISMATCH', { ...delegated, actor: 'spider' }, {}],
  ['the delegation is revoked', 'DELEGATION_REVOKED', delegated, { [DELEGATION]: { ...granted, revokedAt: NOW } }],
  ['the owner was sent away', 'DELEGATION_REVOKED', delegated, { [OWNERS_SESSION]: REVOKED }],
  [
    'its owner is gone',
    'OWNER_GONE',
    delegated,
    { [OWNERS_SESSION]: { validAfter: new Date(0), withdrawn: [], goneSince: NOW } },
  ],
  ['the delegation has expired', 'DELEGATION_EXPIRED', delegated, { [DELEGATION]: { ...granted, expiresAt: NOW } }],
  ['the delegation is for something else', 'SCOPE_MISMATCH', { ...delegated, capability: 'firestore.write' }, {}],
  ['the delegation is for one scope', 'SCOPE_MISMATCH', delegated, { [DELEGATION]: { ...granted, scope: 'repo:a/b' } }],
  ['the session was ended', 'SESSION_REVOKED', own, { [ACTORS_SESSION]: REVOKED }],
  ['there is no policy', 'POLICY_UNAVAILABLE', own, { [POLICY]: undefined }],
  ['the policy is damaged', 'POLICY_UNAVAILABLE', delegated, { [POLICY]: { ...NORMAL, more: 1 } }],
  ['the policy is of another version', 'POLICY_UNAVAILABLE', own, { [POLICY]: { ...NORMAL, version: 5 } }],
  ['whether the session was ended is damaged', 'POLICY_UNAVAILABLE', own, { [ACTORS_SESSION]: { validAfter: 'now' } }],
  ['the owner’s revocation is damaged', 'POLICY_UNAVAILABLE', delegated, { [OWNERS_SESSION]: {} }],
];

describe('refused', () => {
  test.each(REFUSED)('because %s: %s', (_, reason, request, changes) => {
    expect(reasonFor(request, changes)).toBe(reason);
  });

  test('for every reason that there is', () => {
    expect([...new Set(REFUSED.map(([, reason]) => reason))].toSorted()).toEqual([...GUARD_REASONS].toSorted());
  });

  test('for the worst of several reasons: the session, then the delegation, then the policy', () => {
    const all = { [ACTORS_SESSION]: REVOKED, [DELEGATION]: undefined, [POLICY]: undefined };
    expect(reasonFor(delegated, all)).toBe('SESSION_REVOKED');
    expect(reasonFor(delegated, { ...all, [ACTORS_SESSION]: undefined })).toBe('DELEGATION_MISSING');
    expect(reasonFor(delegated, { [POLICY]: undefined })).toBe('POLICY_UNAVAILABLE');
  });

  test('with the restriction that forbids it, or with none', () => {
    expect(decided(own, { [POLICY]: killing({ shipping: killed }) })).toEqual({
      allowed: false,
      reason: 'BLOCKED_BY_KILL_SWITCH',
      restriction: { kind: 'kill_switch', name: 'shipping', ...killed },
    });
    expect(decided(own, {})).toEqual({ allowed: false, reason: 'POLICY_UNAVAILABLE', restriction: undefined });
  });

  test.each(['read', 'diagnostic'] as const)('a %s all the same when session or delegation do not hold', (kind) => {
    expect(reasonFor(own, { [ACTORS_SESSION]: REVOKED }, kind)).toBe('SESSION_REVOKED');
    expect(reasonFor(delegated, { [DELEGATION]: undefined }, kind)).toBe('DELEGATION_MISSING');
  });

  test('with a delegation that is named for oneself but does not hold: what is named must be true', () => {
    expect(reasonFor({ ...own, owner: 'robot', delegation: 'dlg_1' }, {})).toBe('DELEGATION_ACTOR_MISMATCH');
  });
});

describe('time', () => {
  test('a session of the millisecond of the revocation goes on, one before it does not', () => {
    const sentAway = (afterMs: number) => ({
      [ACTORS_SESSION]: { validAfter: new Date(SIGNED_IN * 1000 + afterMs), withdrawn: [] },
    });
    expect(reasonFor(own, sentAway(0))).toBe('allowed');
    expect(reasonFor(own, sentAway(1))).toBe('SESSION_REVOKED');
    expect(reasonFor({ ...own, authTime: undefined }, sentAway(1))).toBe('allowed');
  });

  test('a kill switch and a mode bind until their end', () => {
    const until = later(1);
    for (const policy of [
      killing({ '*': { ...killed, until } }),
      { ...READ_ONLY, mode: { ...READ_ONLY.mode, until } },
    ]) {
      expect(reasonFor(own, { [POLICY]: policy })).not.toBe('allowed');
      expect(reasonFor(own, { [POLICY]: policy }, 'write', until)).toBe('allowed');
    }
  });

  test('a delegation holds until its end', () => {
    const expiresAt = later(1);
    expect(reasonFor(delegated, { [DELEGATION]: { ...granted, expiresAt } })).toBe('allowed');
    expect(reasonFor(delegated, { [DELEGATION]: { ...granted, expiresAt } }, 'write', expiresAt)).toBe(
      'DELEGATION_EXPIRED',
    );
  });
});

describe('an exemption', () => {
  const until = later(1);
  const exempt = (owner: string, capability = 'shipping.commit') => ({
    ...killed,
    exemptions: { [owner]: { [capability]: { id: 'exm_1', until, by: ['uid-granter'] } } },
  });
  const reasonUnder = (request: GuardRequest, policy: PolicyDocument, now = NOW) =>
    reasonFor(request, { [POLICY]: policy }, 'connector_write', now);

  test('lets its owner pass until its end', () => {
    const policy = killing({ shipping: exempt('robot') });
    expect(reasonUnder(own, policy)).toBe('allowed');
    expect(reasonUnder(own, policy, until)).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('is for whom it is done, whoever does it', () => {
    expect(reasonUnder(delegated, killing({ shipping: exempt('ada') }))).toBe('allowed');
    expect(reasonUnder(delegated, killing({ shipping: exempt('robot') }))).toBe('BLOCKED_BY_KILL_SWITCH');
  });

  test('is from one restriction: what else forbids it still does', () => {
    const both = { shipping: exempt('robot'), '*': killed };
    expect(reasonUnder(own, killing(both))).toBe('BLOCKED_BY_KILL_SWITCH');
    expect(reasonUnder(own, { ...READ_ONLY, killSwitches: { shipping: exempt('robot') } })).toBe('DEGRADED_MODE');
    expect(reasonUnder(own, killing({ shipping: exempt('robot'), '*': exempt('robot') }))).toBe('allowed');
  });

  test.each([
    ['whoever does it', { ...own, actor: 'uid-granter' }, 'uid-granter'],
    ['an agent of its owner', { ...delegated, actor: 'uid-granter' }, 'ada'],
    ['whoever asked for it', { ...own, proposedBy: 'uid-granter' }, 'robot'],
  ])('never serves who granted it: %s', (_, request, owner) => {
    const policy = killing({ shipping: exempt(owner) });
    expect(decideOnPolicy(request, 'connector_write', policy, NOW)).toMatchObject({ reason: 'BLOCKED_BY_KILL_SWITCH' });
    expect(decideOnPolicy({ ...own, actor: owner }, 'connector_write', policy, NOW).allowed).toBe(
      owner !== 'uid-granter',
    );
  });

  test('is told by who granted it, once each, to whoever decides on what rests on it', () => {
    const policy = killing({ shipping: exempt('robot'), '*': exempt('robot') });
    expect(exemptersOf(own, 'connector_write', policy, NOW)).toEqual(['uid-granter']);
    expect(exemptersOf(own, 'connector_write', NORMAL, NOW)).toEqual([]);
    expect(exemptersOf(own, 'connector_write', { damaged: true }, NOW)).toEqual([]);
  });

  test('from a mode lets pass what that mode forbids', () => {
    const mode = { ...READ_ONLY.mode, exemptions: exempt('robot').exemptions };
    expect(reasonUnder(own, { ...READ_ONLY, mode })).toBe('allowed');
    expect(reasonUnder({ ...own, capability: 'shipping.push' }, { ...READ_ONLY, mode })).toBe('DEGRADED_MODE');
  });
});

test('the policy alone counts the actor as the owner, when no owner is named', () => {
  const policy = killing({
    '*': {
      ...killed,
      exemptions: { robot: { 'shipping.commit': { id: 'exm_1', until: later(1), by: ['uid-granter'] } } },
    },
  });
  expect(decideOnPolicy(own, 'write', policy, NOW)).toEqual({ allowed: true, mode: 'normal' });
  expect(decideOnPolicy({ ...own, owner: 'ada' }, 'write', policy, NOW)).toMatchObject({ allowed: false });
});
