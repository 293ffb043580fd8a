/** Who may do what: the custom claims that Muster sets. */
import * as z from 'zod';
import * as v from './values';

/**
 * `admin` is staff too and grants; `staff` operates; `auditor` reads everything and changes nothing; `recorder` appends
 * entries of the product's own to the audit, and nothing else.
 */
export const role = z.enum(['staff', 'auditor', 'admin', 'recorder']);
export type Role = z.infer<typeof role>;

const person = {
  uid: v.uid.optional(),
  email: z.email().max(320).optional(),
};

const eitherUidOrEmail = (input: { uid?: string | undefined; email?: string | undefined }) =>
  (input.uid === undefined) !== (input.email === undefined);
const eitherProblem = { path: ['uid'], error: 'give either uid or email, not both and not neither' };

const change = z
  .strictObject({ ...person, role, reason: v.text(1000), requestId: v.requestId.optional() })
  .refine(eitherUidOrEmail, eitherProblem);

const response = z.strictObject({ uid: z.string(), roles: z.array(role), changed: z.boolean() });

/** The user must sign in again, or refresh its token, to use a new role. */
export const grantStaff = { request: change, response };

/** Ends the user's sessions as well: every token issued until now is refused. */
export const revokeStaff = { request: change, response };
