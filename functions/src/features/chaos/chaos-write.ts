import type * as z from 'zod';
import type { GuardRequest } from '@muster/guard/decision';
import { MusterError } from '@muster/core/errors';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { logicalName, paths } from '@muster/core/storage/paths';
import { policyAsStored } from '@muster/guard/policy-document';
import { policyUnavailable } from '@muster/guard/decision-refusal';
import { storeUnavailable } from '@muster/core/storage/store';
import type { Work } from '@muster/core/storage/work';
import { capabilityIn, subjectIn, type policyFault } from '@muster/contract/chaos';
import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import type { RequestOf } from '@muster/contract/operations';
import type { Identity } from '../../platform/operations/actor';
import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { chaosAsStored, refuseForbiddenNow } from './chaos-document';
import { experimentAt, experimentWriteAt, type Experiment } from './experiment-document';
import { alreadyWritten, notArmed, ownExperiment } from './chaos-errors';

/** Firestore's TTL removes it afterwards. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
/** The subject's session is older than the experiment: what ends it in the experiment ends this session. */
const SESSION_BEFORE_MS = 10_000;

/**
 * `chaos-write`, for who armed it: decided by the guard as any product's write is. Reads revocation, stop, experiment,
 * the write, and what the guard asks for (policy, delegation, the subject's revocation); writes the write and its entry.
 */
export const chaosWrite = defineChange('chaos-write', {
  guarded: false,
  cost: { reads: 7, writes: 2 },
  reads: ({ experimentId, key }) => [chaosAsStored(), experimentAt(experimentId), experimentWriteAt(experimentId, key)],
  async decide({ work, now, clock, identity, environment }, input) {
    const { experimentId, key, as, policy } = input;
    refuseForbiddenNow(environment, await work.read(chaosAsStored()));
    const experiment = ownExperiment(await work.read(experimentAt(experimentId)), identity.uid);
    if (experiment.status !== 'armed' || experiment.leaseUntil <= clock()) throw notArmed(experiment);
    await refuseGuarded(withFault(work, policy), guardRequestOf(experiment, identity, input), clock);
    if (await work.read(experimentWriteAt(experimentId, key))) throw alreadyWritten(key);

    const musterExpireAt = new Date(now.getTime() + KEPT_MS);
    work.create(experimentWriteAt(experimentId, key), { by: identity.uid, at: now, via: 'guard', as, musterExpireAt });
    return changed(
      { changed: true, key },
      {
        action: 'chaos.written',
        target: logicalName(paths.experimentWrite(experimentId, key)),
        exercise: true,
        drillId: experiment.drillId ?? undefined,
        metadata: { capability: capabilityIn(experiment.scope), as },
      },
    );
  },
});

type Asked = RequestOf<'chaos-write'>;

const guardRequestOf = ({ scope, armedAt }: Experiment, { uid, authTime }: Identity, asked: Asked): GuardRequest => {
  const capability = capabilityIn(scope);
  if (asked.as === 'agent') {
    return { capability, actor: subjectIn(scope), owner: uid, delegation: asked.delegation };
  }
  if (asked.as === 'subject') {
    const began = Math.floor((armedAt.getTime() - SESSION_BEFORE_MS) / 1000);
    return { capability, actor: subjectIn(scope), authTime: began };
  }
  return { capability, actor: uid, authTime };
};

type Reading = Pick<Work, 'prefetch' | 'seen'>;

const refuseGuarded = async (work: Reading, request: GuardRequest, clock: () => Date): Promise<void> => {
  const kind = classIn(CAPABILITY_CATALOG, request.capability);
  try {
    await prefetchFor(work, request, kind);
  } catch (error) {
    // Not the database's own trouble, if it was put there: then this refusal can be counted like any other.
    throw error instanceof MusterError && isPutThere(error.cause) ? policyUnavailable() : error;
  }
  refuseForbidden(work, request, kind, clock());
};

const PUT_THERE = new Error('as an experiment asked for');
const isPutThere = (cause: unknown): boolean => cause instanceof MusterError && cause.cause === PUT_THERE;

/** The work as it would be with this fault of the policy, for the guard's decision alone. */
const withFault = (work: Work, fault: z.infer<typeof policyFault> | undefined): Reading => {
  const { path } = policyAsStored();
  const seenInstead = (
    instead: (stored: Record<string, unknown> | undefined) => Record<string, unknown> | undefined,
  ) => ({
    prefetch: (addresses: Parameters<Work['prefetch']>[0]) => work.prefetch(addresses),
    seen: (address: Parameters<Work['seen']>[0]) =>
      address.path === path ? instead(work.seen(address)) : work.seen(address),
  });
  switch (fault) {
    case undefined:
      return work;
    case 'missing':
      return seenInstead(() => undefined);
    case 'damaged':
      return seenInstead((stored) => ({ ...stored, killSwitches: 'not what they should be' }));
    case 'of_another_version':
      return seenInstead((stored) => ({ ...stored, version: 999 }));
    case 'unreachable':
      return { prefetch: () => Promise.reject(storeUnavailable(PUT_THERE)), seen: (address) => work.seen(address) };
    default:
      return unheardOf(fault);
  }
};

const unheardOf = (fault: never): never => {
  throw new TypeError(`a fault of an unknown kind: ${JSON.stringify(fault)}`);
};
