import { refusedBy, type Delegated, type Delegation } from './delegation';

const NOW = new Date('2026-03-31T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const SESSION = later(-3_600_000);

const granted: Delegation = {
  owner: 'ada',
  agent: 'robot',
  capabilities: ['shipping', 'connector.crm.write'],
  scope: null,
  reason: 'ships for her',
  grantedAt: later(-60_000),
  sessionAt: SESSION,
  expiresAt: later(1),
  revokedAt: null,
  revokedBy: null,
  revokeReason: null,
};
const done: Delegated = { actor: 'robot', owner: 'ada', capability: 'shipping.commit', scope: undefined };
const refusal = (stored: unknown, what: Partial<Delegated> = {}, now = NOW) =>
  refusedBy(stored, { ...done, ...what }, undefined, now);

test('a delegation that holds refuses nothing', () => {
  expect(refusal(granted)).toBeUndefined();
});

test.each<[string, unknown]>([
  ['missing', undefined],
  ['null', null],
  ['a word', 'shipping'],
  ['empty', {}],
  ['without an end', { ...granted, expiresAt: null }],
  ['with an end that is no time', { ...granted, expiresAt: '2199-01-01T00:00:00Z' }],
  ['without its session', { ...granted, sessionAt: undefined }],
  ['for no capability', { ...granted, capabilities: [] }],
  ['for everything', { ...granted, capabilities: ['*'] }],
  ['with more than it should have', { ...granted, unlimited: true }],
])('one that is %s is none', (_, stored) => {
  expect(refusal(stored)).toBe('DELEGATION_MISSING');
});

test.each<[string, Partial<Delegated>]>([
  ['another agent', { actor: 'spider' }],
  ['another owner', { owner: 'bob' }],
  ['its owner in the place of its agent', { actor: 'ada', owner: 'robot' }],
])('is of no use to %s', (_, what) => {
  expect(refusal(granted, what)).toBe('DELEGATION_ACTOR_MISMATCH');
});

test('ends when it is revoked, at whatever time that says', () => {
  for (const revokedAt of [later(-1), NOW, later(60_000)]) {
    expect(refusal({ ...granted, revokedAt, revokedBy: 'ada', revokeReason: 'done' })).toBe('DELEGATION_REVOKED');
  }
});

test('holds one millisecond before its end and not at it', () => {
  expect(refusal(granted, {}, NOW)).toBeUndefined();
  expect(refusal(granted, {}, later(1))).toBe('DELEGATION_EXPIRED');
  expect(refusal(granted, {}, later(2))).toBe('DELEGATION_EXPIRED');
});

test.each<[string, number, string | undefined]>([
  ['a millisecond after that session began', 1, 'DELEGATION_REVOKED'],
  ['just when it began', 0, undefined],
  ['before it began', -1, undefined],
])('granted in a session whose owner was sent away %s', (_, afterMs, reason) => {
  const validAfter = new Date(SESSION.getTime() + afterMs);
  expect(refusedBy(granted, done, { validAfter, withdrawn: [] }, NOW)).toBe(reason);
});

test.each<[string, string | undefined]>([
  ['shipping', undefined],
  ['shipping.commit.deep', undefined],
  ['connector.crm.write', undefined],
  ['connector.crm', 'SCOPE_MISMATCH'],
  ['connector.crm.writer', 'SCOPE_MISMATCH'],
  ['shippingx', 'SCOPE_MISMATCH'],
  ['firestore.write', 'SCOPE_MISMATCH'],
])('one for shipping and connector.crm.write, asked for %s: %s', (capability, reason) => {
  expect(refusal(granted, { capability })).toBe(reason);
});

test.each<[string, string | null, string | undefined, string | undefined]>([
  ['for any, asked for one', null, 'repo:acme/web', undefined],
  ['for one, asked for the same', 'repo:acme/web', 'repo:acme/web', undefined],
  ['for one, asked for another', 'repo:acme/web', 'repo:acme/api', 'SCOPE_MISMATCH'],
  ['for one, asked for what begins like it', 'repo:acme/web', 'repo:acme/web2', 'SCOPE_MISMATCH'],
  ['for one, asked without saying which', 'repo:acme/web', undefined, 'SCOPE_MISMATCH'],
])('a scope %s', (_, scope, asked, reason) => {
  expect(refusal({ ...granted, scope }, { scope: asked })).toBe(reason);
});

test('of several reasons the first is told, and what is another’s tells nothing of itself', () => {
  const over = { ...granted, revokedAt: NOW, expiresAt: later(-1), scope: 'repo:acme/web' };
  const firstOf = (stored: unknown, what: Partial<Delegated>) => refusal(stored, { capability: 'other', ...what });
  expect(firstOf(over, { actor: 'spider' })).toBe('DELEGATION_ACTOR_MISMATCH');
  expect(firstOf(over, {})).toBe('DELEGATION_REVOKED');
  expect(firstOf({ ...over, revokedAt: null }, {})).toBe('DELEGATION_EXPIRED');
});
