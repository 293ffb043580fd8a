/** Who may do what: the custom claims that Muster sets. */
import * as z from 'zod';
import * as v from './values';

/**
 * `admin` is staff too and grants; `staff` operates; `auditor` reads everything and changes nothing; `recorder` appends
 * entries of the product's own to the audit, and nothing else.
 */
export const role = z.enum(['staff', 'auditor', 'admin', 'recorder']);
export type Role = z.infer<typeof role>;

/** The roles that a role brings with it: who is an admin is staff, and is no admin any more without being staff. */
export const BRINGS: Readonly<Record<Role, readonly Role[]>> = {
  staff: [],
  auditor: [],
  admin: ['staff'],
  recorder: [],
};

/** The roles that the claims of a token, or of a user of Firebase Auth, carry. */
export const rolesIn = (claims: Readonly<Record<string, unknown>> | undefined): Role[] =>
  role.options.filter((name) => claims?.[name] === true);

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

/**
 * Where roster and claims differed: `gone` from the claims, by another hand than Muster's; `unknown` to the roster, set by one. The
 * lower of both counts, and what was `unknown` is removed with the next change.
 */
export const roleDrift = z.strictObject({ gone: z.array(role), unknown: z.array(role) });
export type RoleDrift = z.infer<typeof roleDrift>;

const response = z.strictObject({ uid: z.string(), roles: z.array(role), changed: z.boolean(), drift: roleDrift });

/** The user must sign in again, or refresh its token, to use a new role. */
export const grantStaff = { request: change, response };

/** Ends the user's sessions as well: every token issued until now is refused. */
export const revokeStaff = { request: change, response };

/** Whether an account of Firebase Auth can sign in. */
export const accountStanding = z.enum(['enabled', 'disabled', 'deleted']);

/**
 * Who is on the roster, the last changed first, and where Firebase Auth says otherwise. `survey`: how far the hourly look at all accounts
 * is (1,000 an hour), and whose claims it found that nobody granted here; with `rolesFrom` `claims` those are roles all the same. Null
 * before its first run.
 */
export const listStaff = {
  request: z.strictObject({ limit: v.limit, cursor: v.cursor.optional() }),
  response: z.strictObject({
    rolesFrom: z.enum(['claims', 'roster']),
    staff: z.array(
      z.strictObject({
        uid: z.string(),
        roles: z.array(role),
        changedAt: v.instant,
        changedBy: z.string(),
        standing: accountStanding,
        drift: roleDrift,
      }),
    ),
    nextCursor: v.cursor.nullable(),
    survey: z
      .strictObject({
        begunAt: v.instant,
        lookedAt: v.instant,
        /** When a pass over all accounts last came to its end. */
        completedAt: v.instant.nullable(),
        /** Looked at since it began. */
        accounts: z.int(),
        ungranted: z.array(z.strictObject({ uid: z.string(), roles: z.array(role) })),
        /** Found beyond those that are listed. */
        more: z.int(),
      })
      .nullable(),
  }),
};
