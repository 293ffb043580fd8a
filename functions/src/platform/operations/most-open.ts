/** Bounds on what one account may have open at once. */
import * as z from 'zod';
import { MusterError } from '@muster/core/errors';
import type { BoundedQuery } from '@muster/core/storage/documents';
import type { Work } from '@muster/core/storage/work';

type Open = Pick<BoundedQuery<unknown>, 'collection' | 'where'>;

/**
 * Refuses one more where `most` of these are open that end at `expiresAt`, later than now; counted, not read. Two at once may make
 * it one more than that.
 */
export const refuseBeyond = async (
  work: Pick<Work, 'count'>,
  { collection, where }: Open,
  { most, now, what, next }: { most: number; now: Date; what: string; next: string },
): Promise<void> => {
  const open = await work.count({
    collection,
    schema: z.unknown(),
    where: [...where, { field: 'expiresAt', is: '>', value: now }],
    orderBy: [{ field: 'expiresAt', direction: 'asc' }],
    limit: most,
  });
  if (open < most) return;
  throw new MusterError('CONFLICT', `${most} ${what}, which is the most. Nothing was changed.`, {
    reason: 'TOO_MANY',
    next,
  });
};
