import { actorOf, effectiveRoles, refuseOthers, type Identity } from './actor';

const identity = (...claimed: Identity['claimed']): Identity => ({ uid: 'uid', authTime: 1_000, claimed });
const revoked = (validAfterMs: number, ...withdrawn: Identity['claimed']) => ({
  validAfter: new Date(validAfterMs),
  withdrawn,
});

test('an admin is staff', () => {
  expect(effectiveRoles(identity('admin'), undefined, 'claims').toSorted()).toEqual(['admin', 'staff']);
});

test('a withdrawn role does not count, whatever the token says', () => {
  expect(effectiveRoles(identity('admin', 'auditor'), revoked(0, 'admin', 'staff'), 'claims')).toEqual(['auditor']);
});

test('where the roster decides, a claim counts for whom Muster granted it, and without a record for nobody', () => {
  const granted = { ...revoked(0), granted: ['staff' as const] };
  expect(effectiveRoles(identity('admin', 'auditor'), granted, 'roster')).toEqual(['staff']);
  expect(effectiveRoles(identity('admin'), revoked(0), 'roster')).toEqual([]);
  expect(effectiveRoles(identity('admin'), undefined, 'roster')).toEqual([]);
  expect(effectiveRoles(identity('staff'), { ...granted, withdrawn: ['staff'] }, 'roster')).toEqual([]);
  expect(effectiveRoles(identity(), granted, 'roster')).toEqual([]);
});

test.each([
  ['signed-in', [], true],
  ['staff', [], false],
  ['staff', ['auditor'], false],
  ['staff', ['staff'], true],
  ['staff-or-auditor', ['auditor'], true],
  ['staff-or-auditor', [], false],
  ['admin', ['staff', 'auditor'], false],
  ['admin', ['admin'], true],
] as const)('%s asked, %j held: allowed is %s', (who, roles, allowed) => {
  const refused = (): void => refuseOthers(roles, who);
  if (allowed) expect(refused).not.toThrow();
  else expect(refused).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
});

test('the audit tells staff from members', () => {
  expect(actorOf(identity('staff'), ['staff'])).toEqual({ type: 'staff', id: 'uid' });
  expect(actorOf(identity(), [])).toEqual({ type: 'member', id: 'uid' });
});
