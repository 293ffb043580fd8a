import { ownerIn, refusedByCarried, type Carried } from './carried-delegation';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const asked = { actor: 'uid-agent', owner: undefined };
const holds: Carried = { actor: 'uid-agent', owner: 'uid-owner' };

test.each<[string, Carried]>([
  ['that says whose and for whom', holds],
  ['that ends later', { ...holds, expiresAt: '2026-03-31T09:00:00.001Z' }],
  ['that says that nothing ends it', { ...holds, expiresAt: null, revokedAt: null }],
  ['that says more than is known of delegations', { ...holds, capabilities: ['*'], grantedBy: 'anyone' }],
])('one %s does not deny', (_, carried) => {
  expect(refusedByCarried(carried, asked, NOW)).toBeUndefined();
});

test.each<[string, Carried, string]>([
  ['without actor and owner', {}, 'DELEGATION_MISSING'],
  ['without an actor', { owner: 'uid-owner' }, 'DELEGATION_MISSING'],
  ['without an owner', { actor: 'uid-agent' }, 'DELEGATION_MISSING'],
  ['with an actor that is null', { ...holds, actor: null }, 'DELEGATION_MISSING'],
  ['with an owner that is empty', { ...holds, owner: '' }, 'DELEGATION_MISSING'],
  ['with an owner that is a path', { ...holds, owner: 'a/b' }, 'DELEGATION_MISSING'],
  ['for another actor', { ...holds, actor: 'uid-other' }, 'DELEGATION_ACTOR_MISMATCH'],
  ['that was revoked', { ...holds, revokedAt: '2026-03-31T08:00:00Z' }, 'DELEGATION_REVOKED'],
  ['that will have been revoked', { ...holds, revokedAt: '2026-04-30T08:00:00Z' }, 'DELEGATION_REVOKED'],
  ['that ends now', { ...holds, expiresAt: '2026-03-31T11:00:00+02:00' }, 'DELEGATION_EXPIRED'],
  [
    'that was revoked and has ended',
    { ...holds, revokedAt: '2026-03-31T08:00:00Z', expiresAt: '2026-03-31T08:00:00Z' },
    'DELEGATION_REVOKED',
  ],
])('one %s denies', (_, carried, reason) => {
  expect(refusedByCarried(carried, asked, NOW)).toBe(reason);
});

test('one of another owner than the request names denies', () => {
  expect(refusedByCarried(holds, { ...asked, owner: 'uid-other' }, NOW)).toBe('DELEGATION_ACTOR_MISMATCH');
  expect(refusedByCarried(holds, { ...asked, owner: 'uid-owner' }, NOW)).toBeUndefined();
});

test('an owner that could not be part of a path is none', () => {
  expect(['uid-owner', 'a/b', '..', '__x__', 'a b', ''].map((owner) => ownerIn({ owner }))).toEqual([
    'uid-owner',
    ...Array.from({ length: 5 }),
  ]);
});
