import type { FollowUp } from '../../platform/operations/define-change';
import { role, type Role, type RoleDrift } from '@muster/contract/staff';
import { MusterError } from '@muster/core/errors';
import { staffAt } from './staff-document';

/** What a call came to, and how the claims follow it. */
export interface Answered {
  uid: string;
  roles: Role[];
  /** What this very call has given, with an entry that says so. */
  granted: readonly Role[];
  /** What was found of claims that nobody granted here. */
  drift: RoleDrift;
  endSessions: boolean;
}

/**
 * Has the claims of Firebase Auth follow the roster. They are lowered to it, but for claims of the product's own where those are no
 * roles; raised only by what this call has granted, or
 * another one while this ran: whatever else is missing there was taken by hand, and does not come back without an entry. A withdrawn
 * role and an ended session bind already when this runs; if it fails, what is missing is said.
 */
export const applyClaims = async (
  { directory, read, limits }: FollowUp,
  { uid, roles: answered, granted, drift, endSessions }: Answered,
): Promise<void> => {
  const onRoster = async () => (await read(staffAt(uid)))?.roles ?? answered;
  const ofTheProduct = limits.rolesFrom === 'roster' ? drift.unknown : [];
  let missing: Role[] = [];
  try {
    let roles = await onRoster();
    // Before the claims: as long as these still stand, the same call without a requestId does all of it again.
    if (endSessions && same(roles, answered)) await directory.endSessions(uid);
    for (;;) {
      const [account] = await directory.findAll([uid]);
      const claimed = account?.roles ?? [];
      const raised = [...granted, ...roles.filter((name) => !answered.includes(name))];
      const next = role.options.filter((name) =>
        roles.includes(name)
          ? claimed.includes(name) || raised.includes(name)
          : claimed.includes(name) && ofTheProduct.includes(name),
      );
      if (!same(next, claimed)) await directory.setRoles(uid, next);
      const after = await onRoster();
      // Whoever told Firebase Auth last has looked at the roster after that.
      if (same(after, roles)) {
        missing = roles.filter((name) => !next.includes(name));
        break;
      }
      roles = after;
    }
  } catch (error) {
    throw notUpdated(
      endSessions
        ? 'The role does not count any more and all sessions are refused, but Firebase Auth still carries the claim.'
        : 'The role is recorded, but Firebase Auth does not carry the claim yet.',
      endSessions ? AGAIN : ANEW,
      error,
    );
  }
  if (missing.length > 0 && !endSessions) {
    throw notUpdated(`On the roster of Muster, but not in the claims of Firebase Auth: ${missing.join(', ')}.`, ANEW);
  }
};

const AGAIN = 'Make the same call again; it finishes what is missing.';
const ANEW =
  'Grant it anew, under another requestId if you gave one: that is recorded again, and Firebase Auth is told.';

const notUpdated = (message: string, next: string, cause?: unknown): MusterError =>
  new MusterError('UNAVAILABLE', message, { reason: 'AUTH_NOT_UPDATED', next }, { cause });

const same = (one: readonly Role[], other: readonly Role[]): boolean => one.join() === other.join();
