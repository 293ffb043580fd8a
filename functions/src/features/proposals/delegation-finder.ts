/** For whom a proposal is, and under which delegation: what the guard is then asked. */
import * as z from 'zod';
import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { decide, type GuardRequest } from '@muster/guard/decision';
import { delegation, delegationAt } from '@muster/guard/delegation';
import type { DocumentAddress } from '@muster/core/storage/documents';
import { prefetchFor } from '@muster/guard/guarded';
import { collections } from '@muster/core/storage/paths';
import { refusalFor } from '@muster/guard/decision-refusal';
import { revocationAt } from '@muster/guard/revocation';
import type { Work } from '@muster/core/storage/work';
import type { requestProposal } from '@muster/contract/proposals';
import { idIn, ownerIn, refusedByCarried } from './carried-delegation';

type Asked = Pick<z.output<typeof requestProposal.request>, 'capability' | 'owner' | 'scope' | 'delegation'>;

/** Newest first; of the delegations between two, older ones are long over. */
const MOST_DELEGATIONS = 20;

/** Documents that the request names, to be read with the rest. */
export const documentsNamed = ({ owner, delegation: carried }: Asked): DocumentAddress<unknown>[] => {
  const id = typeof carried === 'object' ? idIn(carried) : carried;
  const named = owner ?? (typeof carried === 'object' ? ownerIn(carried) : undefined);
  return [...(id === undefined ? [] : [delegationAt(id)]), ...(named === undefined ? [] : [revocationAt(named)])];
};

/** What is asked of the guard. Whether it is allowed is the guard's to say; only a delegation that denies itself is refused here. */
export const guardRequestOf = async (
  work: Work,
  { capability, owner, scope, delegation: carried }: Asked,
  { actor, authTime }: { actor: string; authTime: number },
  now: Date,
): Promise<GuardRequest & { owner: string }> => {
  const asked = { capability, actor, authTime, scope };
  const missing = () => refusalFor(asked, { allowed: false, reason: 'DELEGATION_MISSING', restriction: undefined });

  if (carried === undefined) return { ...asked, owner: owner ?? actor };
  if (typeof carried === 'string') {
    const named = owner ?? (await ownerOf(work, carried));
    if (named === undefined) throw missing();
    return { ...asked, owner: named, delegation: carried };
  }
  const reason = refusedByCarried(carried, { actor, owner }, now);
  if (reason) throw refusalFor(asked, { allowed: false, reason, restriction: undefined });
  const request = { ...asked, owner: owner ?? ownerIn(carried) ?? actor };
  const id = carried.id ? idIn(carried) : await standingDelegation(work, request, now);
  // Also of oneself for oneself: who says that it is delegated is held to that.
  if (id === undefined) throw missing();
  return { ...request, delegation: id };
};

/** The owner of a stored delegation; one that cannot be read is none. */
const ownerOf = async (work: Work, id: string): Promise<string | undefined> => {
  await work.prefetch([delegationAt(id)]);
  return delegation.safeParse(work.seen(delegationAt(id))).data?.owner;
};

/** The newest delegation from owner to actor that holds for this, else the newest, so that its reason is told. */
const standingDelegation = async (
  work: Work,
  request: GuardRequest & { owner: string },
  now: Date,
): Promise<string | undefined> => {
  const kind = classIn(CAPABILITY_CATALOG, request.capability);
  await prefetchFor(work, request, kind);
  const found = await work.find({
    collection: collections.delegations,
    schema: z.unknown(),
    where: [
      { field: 'agent', is: '==', value: request.actor },
      { field: 'owner', is: '==', value: request.owner },
    ],
    orderBy: [{ field: 'grantedAt', direction: 'desc' }],
    limit: MOST_DELEGATIONS,
  });
  const holds = (id: string): boolean => {
    const decision = decide({ ...request, delegation: id }, kind, (address) => work.seen(address), now);
    return decision.allowed || decision.restriction !== undefined;
  };
  return (found.find(({ id }) => holds(id)) ?? found[0])?.id;
};
