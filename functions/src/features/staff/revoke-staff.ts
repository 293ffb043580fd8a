import { changed, unchanged } from '../../platform/operations/change';
import { revocationAt, withSessionsEnded } from '@muster/guard/revocation';
import { MusterError } from '@muster/core/errors';
import { defineChange } from '../../platform/operations/define-change';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { applyClaims } from './apply-claims';
import { driftOf, heldBy, toldDrift } from './drift';
import { personAsked } from './person-asked';
import { withoutRole } from './roles';
import { staffAt, staffDocument } from './staff-document';

/**
 * `staff-revoke`. From its commit on the role does not count and every session of the user is over, whatever
 * Firebase Auth still says. Reads own and the user's revocation, the roster entry (and that twice again
 * when Firebase Auth is told), two admins; writes roster, revocation, entry.
 */
export const revokeStaff = defineChange('staff-revoke', {
  guarded: false,
  cost: { reads: 7, writes: 3 },
  async decide({ work, actor, now, directory, limits }, input) {
    const person = await personAsked(directory, input);
    await work.prefetch([staffAt(person.uid), revocationAt(person.uid)]);
    const before = await work.read(staffAt(person.uid));
    const revoked = await work.read(revocationAt(person.uid));
    // Claims that were set past Muster count as well: what is revoked must be gone.
    const all = [...new Set([...(before?.roles ?? []), ...person.roles])];
    const kept = withoutRole(all, input.role);
    const lost = all.filter((name) => !kept.includes(name));
    const roles = withoutRole(heldBy(before, person.roles, { rolesFrom: limits.rolesFrom, now }), input.role);
    const drift = driftOf(before?.roles, person.roles);
    if (lost.length === 0) return unchanged({ uid: person.uid, roles, changed: false, drift });
    if (lost.includes('admin')) await refuseLastAdmin(work, person.uid);

    work.write(staffAt(person.uid), { roles, isAdmin: roles.includes('admin'), changedBy: actor.id, changedAt: now });
    work.write(revocationAt(person.uid), withSessionsEnded(revoked, now, lost));
    return changed(
      { uid: person.uid, roles, changed: true, drift },
      {
        action: 'staff.role_revoked',
        target: `staff/${person.uid}`,
        rationale: input.reason,
        metadata: { role: input.role, roles, sessionsEndedAt: now.toISOString(), ...toldDrift(drift) },
      },
    );
  },
  // Repeated, it finishes what the first call may have left undone.
  afterwards: async (context, { uid, roles, drift, changed: isChanged, repeated }) => {
    if (!isChanged && !repeated) return;
    await applyClaims(context, { uid, roles, granted: [], drift, endSessions: true });
  },
});

/**
 * Some other admin must remain. The one that is found is part of what the commit rests on, so two admins who
 * revoke each other at once cannot both succeed.
 */
const refuseLastAdmin = async (work: Work, uid: string): Promise<void> => {
  const admins = await work.find({
    collection: collections.staff,
    schema: staffDocument,
    where: [{ field: 'isAdmin', is: '==', value: true }],
    orderBy: [],
    limit: 2,
  });
  if (admins.some(({ id }) => id !== uid)) return;
  throw new MusterError('CONFLICT', 'This is the last admin; without one nobody could grant a role.', {
    reason: 'LAST_ADMIN',
    next: 'Grant the role admin to someone else first.',
  });
};
