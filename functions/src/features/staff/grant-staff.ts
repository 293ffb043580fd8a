import { changed, unchanged } from '../../platform/operations/change';
import { isWithdrawn, revocationAt, withRolesGranted } from '@muster/guard/revocation';
import type { Role } from '@muster/contract/staff';
import { defineChange } from '../../platform/operations/define-change';
import { applyClaims } from './apply-claims';
import { driftOf, heldBy, toldDrift } from './drift';
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
  async decide({ work, actor, now, directory, limits }, input) {
    const person = await personAsked(directory, input);
    await work.prefetch([staffAt(person.uid), revocationAt(person.uid)]);
    const before = await work.read(staffAt(person.uid));
    const revoked = await work.read(revocationAt(person.uid));
    const held = heldBy(before, person.roles, { rolesFrom: limits.rolesFrom, now });
    const roles = withRole(held, input.role);
    const drift = driftOf(before?.roles, person.roles);
    const noted = limits.rolesFrom === 'roster';
    const isNoted = !noted || (revoked?.granted !== undefined && isSame(revoked.granted, roles));
    const stillWithdrawn = roles.some((name) => isWithdrawn(name, revoked));
    const isCarried = roles.every((name) => person.roles.includes(name));
    if (before && isSame(before.roles, roles) && isCarried && isNoted && !stillWithdrawn)
      return unchanged({ uid: person.uid, roles, changed: false, drift });

    const isAdmin = roles.includes('admin');
    work.write(staffAt(person.uid), { roles, isAdmin, changedBy: actor.id, changedAt: now });
    if (revoked || noted) work.write(revocationAt(person.uid), withRolesGranted(revoked, roles, noted));
    return changed(
      { uid: person.uid, roles, changed: true, drift },
      {
        action: 'staff.role_granted',
        target: `staff/${person.uid}`,
        rationale: input.reason,
        metadata: { role: input.role, roles, ...toldDrift(drift) },
      },
    );
  },
  // Unchanged, all that was asked for is in the claims. Repeated, nobody knows what was taken from them by hand since.
  afterwards: async (context, { uid, roles, drift, changed: isChanged, repeated }) => {
    if (!isChanged && !repeated) return;
    await applyClaims(context, { uid, roles, granted: isChanged ? roles : [], drift, endSessions: false });
  },
});

const isSame = (one: readonly Role[], other: readonly Role[]): boolean => one.join() === other.join();
