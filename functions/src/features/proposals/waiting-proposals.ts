/** How many proposals of one caller wait for an approval: whoever approves must find those that matter. */
import * as z from 'zod';
import { MusterError } from '@muster/core/errors';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';

export const MOST_WAITING = 50;

/** Refuses one more of a caller who has as many as may wait. Two at once may make it one more than that. */
export const refuseTooManyOf = async (work: Pick<Work, 'count'>, proposedBy: string, now: Date): Promise<void> => {
  const waiting = await work.count({
    collection: collections.proposals,
    schema: z.unknown(),
    where: [
      { field: 'proposedBy', is: '==', value: proposedBy },
      { field: 'status', is: '==', value: 'proposed' },
      { field: 'expiresAt', is: '>', value: now },
    ],
    orderBy: [{ field: 'expiresAt', direction: 'asc' }],
    limit: MOST_WAITING,
  });
  if (waiting < MOST_WAITING) return;
  throw new MusterError('CONFLICT', `${MOST_WAITING} proposals of yours wait for an approval. Nothing was changed.`, {
    reason: 'TOO_MANY',
    next: 'Wait until staff has decided on them (proposals-approve, proposals-reject).',
  });
};
