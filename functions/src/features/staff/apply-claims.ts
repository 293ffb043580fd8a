import type { Role } from '@muster/contract/staff';
import { MusterError } from '@muster/core/errors';
import type { FollowUp } from '../../platform/operations/define-change';
import { staffAt } from './staff-document';

/**
 * Makes Firebase Auth say what the roster says now. That may be more than this call's own answer: another call
 * may have gone on, or this one is an old request that is repeated. A withdrawn role and an ended session bind
 * already when this runs; if it fails, what is missing is said, and the same call again finishes it.
 */
export const applyClaims = async (
  { directory, read }: FollowUp,
  { uid, roles: answered }: { uid: string; roles: Role[] },
  endSessions: boolean,
): Promise<void> => {
  const onRoster = async () => (await read(staffAt(uid)))?.roles ?? answered;
  try {
    let roles = await onRoster();
    // Before the claims: as long as these still stand, the same call without a requestId does all of it again.
    if (endSessions && same(roles, answered)) await directory.endSessions(uid);
    for (;;) {
      await directory.setRoles(uid, roles);
      const after = await onRoster();
      // Whoever told Firebase Auth last has looked at the roster after that.
      if (same(after, roles)) return;
      roles = after;
    }
  } catch (error) {
    throw new MusterError(
      'UNAVAILABLE',
      endSessions
        ? 'The role does not count any more and all sessions are refused, but Firebase Auth still carries the claim.'
        : 'The role is recorded, but Firebase Auth does not carry the claim yet.',
      { reason: 'AUTH_NOT_UPDATED', next: 'Make the same call again; it finishes what is missing.' },
      { cause: error },
    );
  }
};

const same = (one: readonly Role[], other: readonly Role[]): boolean => one.join() === other.join();
