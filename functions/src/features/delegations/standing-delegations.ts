/** How many delegations of one owner stand: each is a document that everyone who looks for theirs goes past. */
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { refuseBeyond } from '../../platform/operations/most-open';

export const MOST_STANDING = 100;

export const refuseTooManyOf = (work: Pick<Work, 'count'>, owner: string, now: Date): Promise<void> =>
  refuseBeyond(
    work,
    {
      collection: collections.delegations,
      where: [
        { field: 'owner', is: '==', value: owner },
        { field: 'revokedAt', is: '==', value: null },
      ],
    },
    {
      ...{ most: MOST_STANDING, now, what: 'delegations of yours stand' },
      next: 'Revoke those that nobody needs (delegations-list, delegations-revoke).',
    },
  );
