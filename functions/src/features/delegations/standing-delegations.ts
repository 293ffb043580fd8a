/** How many delegations of one owner stand: each is a document that everyone who looks for theirs goes past. */
import * as z from 'zod';
import { MusterError } from '@muster/core/errors';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';

export const MOST_STANDING = 100;

/** Refuses one more of an owner who has as many as may stand. Two at once may make it one more than that. */
export const refuseTooManyOf = async (work: Pick<Work, 'count'>, owner: string, now: Date): Promise<void> => {
  const standing = await work.count({
    collection: collections.delegations,
    schema: z.unknown(),
    where: [
      { field: 'owner', is: '==', value: owner },
      { field: 'revokedAt', is: '==', value: null },
      { field: 'expiresAt', is: '>', value: now },
    ],
    orderBy: [{ field: 'expiresAt', direction: 'asc' }],
    limit: MOST_STANDING,
  });
  if (standing < MOST_STANDING) return;
  throw new MusterError(
    'CONFLICT',
    `${MOST_STANDING} delegations of yours stand, which is the most. Nothing was changed.`,
    {
      reason: 'TOO_MANY',
      next: 'Revoke those that nobody needs (delegations-list, delegations-revoke).',
    },
  );
};
