/** Law 4: an operation that is called again with the same requestId is done once, and answered the same. */
import * as z from 'zod';
import { documentAt, type DocumentAddress } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { idFrom } from '@muster/core/ids';
import type { Cost } from '@muster/core/meter';
import { paths } from '@muster/core/storage/paths';
import { role, type Role } from '@muster/contract/staff';

/** One more read and one more write, when the caller gives a requestId. */
export const REQUEST_ID_COST: Cost = { reads: 1, writes: 1 };

/** How long the answer to a requestId is kept; Firestore's TTL removes it afterwards. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** `muster_requests/{id}`: what was asked under a requestId, what was answered, and the roles that it was answered to. */
const requestRecord = z.strictObject({
  input: z.string(),
  response: z.string(),
  roles: z.array(role),
  musterExpireAt: z.date(),
});
type RequestRecord = z.infer<typeof requestRecord>;

/** Where a request is remembered, and what tells it from another one under the same id. */
interface Remembered {
  address: DocumentAddress<RequestRecord>;
  input: string;
}

/** For a request that has a requestId. It is the caller's own: another user's same id is another request. */
export const requestRecordFor = (input: unknown, uid: string, operation: string): Remembered | undefined => {
  if (typeof input !== 'object' || input === null || !('requestId' in input)) return undefined;
  if (typeof input.requestId !== 'string') return undefined;
  return {
    address: documentAt(paths.request(idFrom('req', uid, operation, input.requestId)), requestRecord),
    input: idFrom('req', JSON.stringify(input)),
  };
};

/** The record of an answer, as it is stored with the change. */
export const recordOf = (
  { input }: Remembered,
  response: unknown,
  { now, roles }: { now: Date; roles: readonly Role[] },
): RequestRecord => ({
  input,
  response: JSON.stringify(response),
  roles: [...roles],
  musterExpireAt: new Date(now.getTime() + KEPT_MS),
});

/**
 * The answer that was given, said to be so: this call changed nothing. Refuses when the id was used for something else, and whom
 * a role has been taken from since: what a role let somebody hear may be nobody's business any more.
 */
export const answeredBefore = ({ input }: Remembered, before: RequestRecord, roles: readonly Role[]): object => {
  if (before.input !== input) throw reused();
  if (before.roles.some((name) => !roles.includes(name))) throw roleWasTaken();
  const answer = JSON.parse(before.response) as object;
  return { ...answer, ...('changed' in answer ? { changed: false } : {}), repeated: true };
};

const roleWasTaken = (): MusterError =>
  new MusterError('PERMISSION_DENIED', 'This was answered to you in a role that you have no more.', {
    reason: 'ROLE_MISSING',
    next: 'Ask somebody who has the role what became of it.',
  });

const reused = (): MusterError =>
  new MusterError('CONFLICT', 'This requestId was used before, with a different request. Nothing was changed.', {
    reason: 'REQUEST_ID_REUSED',
    fields: [{ field: 'requestId', problem: 'already used for another request' }],
    next: 'Repeat the earlier request unchanged, or choose a new requestId.',
  });
