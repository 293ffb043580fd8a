import * as z from 'zod';
import { capabilityName } from '@muster/contract/capabilities';
import { delegationId, uid } from '@muster/contract/values';
import type { GuardRequest } from './decision';
import { badInput, fieldProblems } from '@muster/core/errors';

/** The year 5138 in seconds, and 1973 in milliseconds: so milliseconds, which would outlive every revocation, are refused. */
const LATEST_AUTH_TIME = 100_000_000_000;

/** What may be asked. Ids become parts of document paths, so nothing else is let near one. */
const guardRequest = z.strictObject({
  capability: capabilityName,
  actor: uid,
  authTime: z.number().min(0).max(LATEST_AUTH_TIME, 'seconds since 1970, as the auth_time of a token').optional(),
  owner: uid.optional(),
  proposedBy: uid.optional(),
  delegation: delegationId.optional(),
  scope: z.string().max(200).optional(),
  correlationId: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,128}$/u)
    .optional(),
});

/** A request with the product's own id of it: its refusal is found by that, too, beside the correlation id that Muster gives it. */
export type ProductRequest = GuardRequest & { correlationId?: string | undefined };

/** The same check of this one field, for where the rest was checked before. */
export const isAuthTime = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= LATEST_AUTH_TIME);

/** The request, or INVALID_ARGUMENT that names what is wrong with it. */
export const checkedRequest = (request: ProductRequest): ProductRequest => {
  const parsed = guardRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  throw badInput(fieldProblems(parsed.error));
};
