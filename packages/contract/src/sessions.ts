/** Sessions: ending those of any user, whatever its roles. */
import * as z from 'zod';
import * as v from './values';

/**
 * Every session of the user that began before now is over, for operations and rules, from the acknowledgment on.
 * Takes any uid that Firebase Auth can hold; one that Muster answers nobody by is ended at Firebase Auth.
 * `known` is false when Firebase Auth has no such user (any more): tokens that it has given out are refused all the same.
 */
export const revokeSessions = {
  request: z.strictObject({ uid: v.anyUid, reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), uid: z.string(), known: z.boolean(), endedAt: v.instant }),
};
