/** What an experiment has delegated, revoked in the unit of work of whoever ends the experiment. Another feature may import this. */
import * as z from 'zod';
import { delegation, delegationAt } from '@muster/guard/delegation';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { revokedDelegation } from '../delegation';

/** In one commit; the rest is for the next. */
const MOST_DELEGATIONS = 50;

/** Paths of what was revoked, and whether that was all. One that cannot be read lets nobody do anything, and stays. */
export const revokeDelegationsTo = async (
  work: Work,
  agent: string,
  ending: { by: string; reason: string; at: Date },
): Promise<{ revoked: string[]; all: boolean }> => {
  const found = await work.find({
    collection: collections.delegations,
    schema: z.record(z.string(), z.unknown()),
    where: [
      { field: 'agent', is: '==', value: agent },
      { field: 'revokedAt', is: '==', value: null },
    ],
    orderBy: [{ field: 'grantedAt', direction: 'asc' }],
    limit: MOST_DELEGATIONS,
  });
  const readable = found.flatMap(({ id, data }) => {
    const parsed = delegation.safeParse(data).data;
    return parsed ? [{ id, data: parsed }] : [];
  });
  for (const { id, data } of readable) work.write(delegationAt(id), revokedDelegation(data, ending));
  return { revoked: readable.map(({ id }) => delegationAt(id).path), all: found.length < MOST_DELEGATIONS };
};
