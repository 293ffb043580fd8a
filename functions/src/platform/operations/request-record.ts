/** Law 4: an operation that is called again with the same requestId is done once, and answered the same. */
import * as z from 'zod';
import { documentAt, type DocumentAddress } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { idFrom } from '@muster/core/ids';
import type { Cost } from '@muster/core/meter';
import { paths } from '@muster/core/storage/paths';

/** One more read and one more write, when the caller gives a requestId. */
export const REQUEST_ID_COST: Cost = { reads: 1, writes: 1 };

/** How long the answer to a requestId is kept; Firestore's TTL removes it afterwards. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** `muster_requests/{id}`: what was asked under a requestId, and what was answered. */
const requestRecord = z.strictObject({ input: z.string(), response: z.string(), musterExpireAt: z.date() });
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
export const recordOf = ({ input }: Remembered, response: unknown, now: Date): RequestRecord => ({
  input,
  response: JSON.stringify(response),
  musterExpireAt: new Date(now.getTime() + KEPT_MS),
});

/** The answer that was given; throws when the id was used for something else. */
export const answeredBefore = ({ input }: Remembered, before: RequestRecord): unknown => {
  if (before.input !== input) throw reused();
  return JSON.parse(before.response);
};

const reused = (): MusterError =>
  new MusterError('CONFLICT', 'This requestId was used before, with a different request. Nothing was changed.', {
    reason: 'REQUEST_ID_REUSED',
    fields: [{ field: 'requestId', problem: 'already used for another request' }],
    next: 'Repeat the earlier request unchanged, or choose a new requestId.',
  });
