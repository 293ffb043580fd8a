/** How many proposals of one caller wait for an approval: whoever approves must find those that matter. */
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { refuseBeyond } from '../../platform/operations/most-open';

export const MOST_WAITING = 50;

export const refuseTooManyOf = (work: Pick<Work, 'count'>, proposedBy: string, now: Date): Promise<void> =>
  refuseBeyond(
    work,
    {
      collection: collections.proposals,
      where: [
        { field: 'proposedBy', is: '==', value: proposedBy },
        { field: 'status', is: '==', value: 'proposed' },
      ],
    },
    {
      ...{ most: MOST_WAITING, now, what: 'proposals of yours wait for an approval' },
      next: 'Wait until staff has decided on them (proposals-approve, proposals-reject).',
    },
  );
