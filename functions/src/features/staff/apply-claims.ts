import type { Role } from '../../contract/staff';
import { MusterError } from '../../platform/errors';
import type { StaffDirectory } from '../../platform/staff-directory';

/**
 * Makes Firebase Auth say what the roster says. A withdrawn role and an ended session bind already when this
 * runs; if it fails, what is missing is said, and the same call again finishes it.
 */
export const applyClaims = async (
  directory: StaffDirectory,
  uid: string,
  roles: readonly Role[],
  endSessions: boolean,
): Promise<void> => {
  try {
    await directory.setRoles(uid, roles);
    if (endSessions) await directory.endSessions(uid);
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
