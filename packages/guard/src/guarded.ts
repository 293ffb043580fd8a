/** A decision as part of a unit of work, so that the commit stands only if all it rests on is as it was read. */
import type { CapabilityClass } from '@muster/contract/capabilities';
import type { DocumentAddress } from '@muster/core/storage/documents';
import { decide, documentsFor, type GuardRequest } from './decision';
import { MusterError } from '@muster/core/errors';
import { policyUnavailable, refusalFor } from './decision-refusal';
import { parsedRevocation, revocationAt } from './revocation';
import type { Work } from '@muster/core/storage/work';

/** Reads all that a decision on this request needs, and what else is wanted, in one round trip. What cannot be read denies (law 3). */
export const prefetchFor = (
  work: Pick<Work, 'prefetch'>,
  request: GuardRequest,
  kind: CapabilityClass,
  also: readonly DocumentAddress<unknown>[] = [],
): Promise<void> => orPolicyUnavailable(work.prefetch([...documentsFor(request, kind), ...also]));

/** Lets a request pass, or throws why not. Everything it needs must have been read. */
export const refuseForbidden = (
  work: Pick<Work, 'seen'>,
  request: GuardRequest,
  kind: CapabilityClass,
  now: Date,
): void => {
  const decision = decide(request, kind, (address) => work.seen(address), now);
  if (!decision.allowed) throw refusalFor(request, decision);
};

/** For whoever is guarded, a policy that cannot be read is a refusal that says so. */
export const orPolicyUnavailable = async (reading: Promise<void>): Promise<void> => {
  try {
    await reading;
  } catch (error) {
    if (error instanceof MusterError && error.code === 'UNAVAILABLE') throw policyUnavailable(error);
    throw error;
  }
};

/** For whoever is guarded, a record of ended sessions that is damaged is a refusal that says so. It must have been read. */
export const refuseUnreadable = (work: Pick<Work, 'seen'>, uid: string): void => {
  const stored = work.seen(revocationAt(uid));
  if (stored !== undefined && !parsedRevocation(stored)) throw policyUnavailable();
};
