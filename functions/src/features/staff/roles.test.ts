import type { Role } from '@muster/contract/staff';
import { withoutRole, withRole } from './roles';

describe('granting', () => {
  test.each<[Role[], Role, Role[]]>([
    [[], 'staff', ['staff']],
    [[], 'admin', ['staff', 'admin']],
    [['auditor'], 'admin', ['staff', 'auditor', 'admin']],
    [['staff'], 'staff', ['staff']],
    [['admin'], 'auditor', ['auditor', 'admin']],
  ])('to %j the role %s makes %j', (held, granted, roles) => {
    expect(withRole(held, granted)).toEqual(roles);
  });
});

describe('revoking', () => {
  test.each<[Role[], Role, Role[]]>([
    [['staff', 'admin'], 'admin', ['staff']],
    [['staff', 'admin'], 'staff', []],
    [['staff', 'auditor', 'admin'], 'staff', ['auditor']],
    [['staff'], 'auditor', ['staff']],
    [[], 'admin', []],
  ])('from %j the role %s leaves %j', (held, revoked, roles) => {
    expect(withoutRole(held, revoked)).toEqual(roles);
  });
});
