/**
 * Lists that are closed, where the compiler cannot close them: a word that is added in one place only fails here. A role that
 * nothing knows would be granted, and then ignored.
 */
import { OWN_TARGETS } from '@muster/contract/audit/append';
import { COLLECTIONS } from '@muster/core/storage/paths';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { auditOutcome } from '@muster/contract/audit/entry';
import { MAY_CALL, operations, type Caller } from '@muster/contract/operations';
import { BRINGS, role, rolesIn, type Role } from '@muster/contract/staff';
import { severity } from '@muster/contract/values';
import { OCSF_SEVERITY, OCSF_STATUS } from '@muster/tlog/export/ocsf';
import { admitByToken } from '../../src/platform/operations/admission';
import { effectiveRoles } from '../../src/platform/operations/actor';
import { withoutRole, withRole } from '../../src/features/staff/roles';

const ROOT = resolve(__dirname, '../../..');
const textOf = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');

/** What security rules let a role read by its claim; the others go through operations alone. */
const READS_BY_RULES: Record<Role, boolean> = { staff: true, auditor: true, admin: true, recorder: false };

describe.each(role.options)('the role %s', (name) => {
  const identity = { uid: 'uid-one', authTime: 0, claimed: rolesIn({ [name]: true, other: true }) };

  test('counts once its claim is in a token, with the roles that it brings, until it is withdrawn', () => {
    expect(effectiveRoles(identity, undefined, 'claims').toSorted()).toEqual([name, ...BRINGS[name]].toSorted());
    const revoked = { validAfter: new Date(0), withdrawn: [name] };
    expect(effectiveRoles(identity, revoked, 'claims')).toEqual(BRINGS[name]);
  });

  test('is granted and revoked', () => {
    expect(withRole([], name)).toContain(name);
    expect(withoutRole(withRole([], name), name)).toEqual(BRINGS[name]);
  });

  test('may call something', () => {
    const callers: readonly Caller[] = Object.values(operations).map(({ who }) => who);
    const opened = callers.filter((who) => who !== 'signed-in' && MAY_CALL[who].some((one) => one === name));
    expect(opened).not.toEqual([]);
    for (const who of opened) expect(() => admitByToken(identity, who)).not.toThrow();
  });

  test('is read by the rules, if it reads by them', () => {
    expect(textOf('firestore.rules').includes(`isClaimed('${name}')`)).toBe(READS_BY_RULES[name]);
  });
});

test('the rules know no role that is none', () => {
  const named = [...textOf('firestore.rules').matchAll(/isClaimed\('(\w+)'\)|counts\('(\w+)'/gu)];
  expect(named.length).toBeGreaterThan(3);
  for (const [, claimed, withdrawn] of named) expect(role.options).toContain(claimed ?? withdrawn);
});

test('an event of OCSF has a number for every severity and every outcome', () => {
  expect(Object.keys(OCSF_SEVERITY).toSorted()).toEqual(severity.options.toSorted());
  expect(Object.keys(OCSF_STATUS).toSorted()).toEqual(auditOutcome.options.toSorted());
});

test('whatever Muster stores, no entry of a product says that it is about that', () => {
  for (const name of COLLECTIONS) expect([name, OWN_TARGETS.has(name)]).toEqual([name, true]);
});
