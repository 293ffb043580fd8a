import { refusedBy, type Delegation } from '@muster/guard/delegation';
import { grantedDelegation, revokedDelegation, stateOf } from './delegation';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const DAY = 24 * 60 * 60 * 1000;
const SIGNED_IN = NOW.getTime() / 1000 - 3600;

const asked = {
  agent: 'robot',
  capabilities: ['shipping.commit', 'firestore'],
  reason: 'ships for me',
  expiresAt: later(DAY).toISOString(),
};
const grant = (put: Partial<typeof asked> & { scope?: string } = {}): Delegation =>
  grantedDelegation({ ...asked, ...put }, { owner: 'ada', authTime: SIGNED_IN, now: NOW });

describe('granting', () => {
  test('keeps who, what, until when, and the session it was granted in', () => {
    expect(grant({ scope: 'repo:acme/web' })).toEqual({
      owner: 'ada',
      agent: 'robot',
      capabilities: ['shipping.commit', 'firestore'],
      scope: 'repo:acme/web',
      reason: 'ships for me',
      grantedAt: NOW,
      sessionAt: new Date(SIGNED_IN * 1000),
      expiresAt: later(DAY),
      revokedAt: null,
      revokedBy: null,
      revokeReason: null,
    });
    expect(grant().scope).toBeNull();
  });

  test.each<[string, Parameters<typeof grant>[0], string[]]>([
    ['to oneself', { agent: 'ada' }, ['agent']],
    ['of one capability twice', { capabilities: ['a', 'b', 'a', 'a'] }, ['capabilities.2', 'capabilities.3']],
    ['until now', { expiresAt: NOW.toISOString() }, ['expiresAt']],
    ['for a millisecond more than 90 days', { expiresAt: later(90 * DAY + 1).toISOString() }, ['expiresAt']],
    [
      'that is wrong in all of it',
      { agent: 'ada', capabilities: ['a', 'a'], expiresAt: later(-1).toISOString() },
      ['agent', 'capabilities.1', 'expiresAt'],
    ],
  ])('one %s is refused by the names of the fields', (_, put, fields) => {
    expect(() => grant(put)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({ fields: fields.map((field) => expect.objectContaining({ field })) }),
      }),
    );
  });

  test.each([1, 90 * DAY])('one that lasts %i ms is granted', (ms) => {
    expect(grant({ expiresAt: later(ms).toISOString() }).expiresAt).toEqual(later(ms));
  });
});

describe('the state of a delegation is what the guard makes of it', () => {
  const sentAway = (afterMs: number) => ({ validAfter: new Date(SIGNED_IN * 1000 + afterMs), withdrawn: [] });
  const revoked = revokedDelegation(grant(), { by: 'ada', reason: 'done', at: NOW });

  test.each<[string, Delegation, ReturnType<typeof sentAway> | undefined, Date, string, string | undefined]>([
    ['granted', grant(), undefined, NOW, 'active', undefined],
    ['a millisecond before its end', grant(), undefined, later(DAY - 1), 'active', undefined],
    ['at its end', grant(), undefined, later(DAY), 'expired', 'DELEGATION_EXPIRED'],
    ['revoked', revoked, undefined, NOW, 'revoked', 'DELEGATION_REVOKED'],
    ['revoked and expired', revoked, undefined, later(DAY), 'revoked', 'DELEGATION_REVOKED'],
    ['its owner sent away from that session', grant(), sentAway(1), NOW, 'revoked', 'DELEGATION_REVOKED'],
    ['its owner sent away from earlier ones', grant(), sentAway(0), NOW, 'active', undefined],
  ])('%s', (_, found, ownerRevoked, now, state, reason) => {
    const done = { actor: 'robot', owner: 'ada', capability: 'shipping.commit', scope: undefined };
    expect(stateOf(found, ownerRevoked, now)).toBe(state);
    expect(refusedBy(found, done, ownerRevoked, now)).toBe(reason);
  });
});
