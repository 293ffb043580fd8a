import { changed, unchanged } from '../../platform/operations/change';
import { isWithdrawn, revocationAt, withRolesGranted } from '@muster/guard/revocation';
import { defineChange } from '../../platform/operations/define-change';
import { applyClaims } from './apply-claims';
import { personAsked } from './person-asked';
import { withRole } from './roles';
import { staffAt } from './staff-document';

/**
 * `staff-grant`. Reads own and the user's revocation, the roster entry, and that twice again when Firebase Auth is
 * told; writes roster, revocation, entry.
 */
export const grantStaff = defineChange('staff-grant', {
  guarded: false,
  cost: { reads: 5, writes: 3 },
  async decide({ work, actor, now, directory }, input) {
    const person = await personAsked(directory, input);
    await work.prefetch([staffAt(person.uid), revocationAt(person.uid)]);
    const before = await work.read(staffAt(person.uid));
    const revoked = await work.read(revocationAt(person.uid));
    const held = before?.roles ?? person.roles;
    const roles = withRole(held, input.role);
    const stillWithdrawn = roles.some((name) => isWithdrawn(name, revoked));
    if (before !== undefined && roles.length === held.length && !stillWithdrawn)
      return unchanged({ uid: person.uid, roles, changed: false });

    const isAdmin = roles.includes('admin');
    work.write(staffAt(person.uid), { roles, isAdmin, changedBy: actor.id, changedAt: now });
    if (revoked) work.write(revocationAt(person.uid), withRolesGranted(revoked, roles));
    return changed(
      { uid: person.uid, roles, changed: true },
      {
        action: 'staff.role_granted',
        target: `staff/${person.uid}`,
        rationale: input.reason,
        metadata: { role: input.role, roles },
      },
    );
  },
  afterwards: (context, answer) => applyClaims(context, answer, false),
});
