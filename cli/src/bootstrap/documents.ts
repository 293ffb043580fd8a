import * as z from 'zod';
import { audit, staff } from '@muster/contract';

/**
 * What bootstrap stores, as the backend stores and reads it. The backend's own schemas are not the command
 * line's to import; these are made of the same contract, and a test has the backend read what was written.
 */
export const auditDocument = audit.auditRow.omit({ id: true, at: true }).extend({
  v: z.literal(2),
  at: z.date(),
  keeping: z.null(),
  actionPrefixes: z.array(z.string()).min(1),
  words: z.array(z.string()),
  musterExpireAt: z.null(),
});

export const staffDocument = z.strictObject({
  roles: z.array(staff.role),
  isAdmin: z.boolean(),
  changedBy: z.string(),
  changedAt: z.date(),
});

/** What bootstrap needs of a roster entry that is there already; times come back as the SDK's own type. */
export const storedStaff = z.looseObject({ roles: z.array(staff.role), isAdmin: z.boolean() });

/** Of `muster_revocations/{uid}` bootstrap reads and changes two fields, and leaves the others as they are. */
export const revocationDocument = z.looseObject({
  withdrawn: z.array(staff.role),
  granted: z.array(staff.role).optional(),
});
