import * as z from 'zod';
import { role } from '@muster/contract/staff';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/**
 * `muster_staff/{uid}`: who was granted what. Claims in Firebase Auth follow it; it exists because two admins who
 * revoke each other at once must not both succeed, and Firebase Auth has no way to decide that.
 */
export const staffDocument = z.strictObject({
  roles: z.array(role),
  isAdmin: z.boolean(),
  changedBy: z.string(),
  changedAt: z.date(),
});

export const staffAt = (uid: string) => documentAt(paths.staff(uid), staffDocument);
