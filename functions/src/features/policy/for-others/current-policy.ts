import * as z from 'zod';
import { EVERYTHING } from '@muster/contract/capabilities';
import { BEGIN_ANEW, FORMER_RELEASE_STANDS, isFormerPolicy } from '@muster/contract/former-release';
import { mode } from '@muster/contract/modes';
import { MusterError } from '@muster/core/errors';
import {
  formerPolicyAt,
  NO_MODE,
  policyAsStored,
  policyDocument,
  type PolicyDocument,
} from '@muster/guard/policy-document';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { activationDocument, type ActivationDocument } from '../activation-document';

/** The stored policy, also one of the version before; undefined when it is missing or damaged. */
export const readablePolicy = (stored: unknown): PolicyDocument | undefined => policyDocument.safeParse(stored).data;

/** More open activations than a policy can hold. */
const MOST_OPEN = 200;

export interface CurrentPolicy {
  policy: PolicyDocument;
  /** Whether the stored one was missing or damaged, and this one was put together from the open activations. */
  rebuilt: boolean;
}

/**
 * What is restricted, for an operation that changes it. A policy that is missing or damaged restricts everything; it is
 * rebuilt from the activations that nobody has ended, without their exemptions, so that repairing it restores nothing.
 */
export const currentPolicy = async (work: Pick<Work, 'read' | 'find'>): Promise<CurrentPolicy> => {
  const raw = await work.read(policyAsStored());
  const stored = readablePolicy(raw);
  if (stored) return { policy: stored, rebuilt: false };
  if (raw === undefined && isFormerPolicy(await work.read(formerPolicyAt()))) throw formerReleaseStands();
  const open = await work.find({
    collection: collections.activations,
    // A damaged record must keep nobody from restricting more; what it restricted is not known.
    schema: z.record(z.string(), z.unknown()),
    where: [{ field: 'on', is: '==', value: true }],
    orderBy: [{ field: 'since', direction: 'desc' }],
    limit: MOST_OPEN,
  });
  const readable = open.flatMap(({ id, data }) => {
    const parsed = activationDocument.safeParse(data).data;
    return parsed ? [{ id, data: parsed }] : [];
  });
  const policy = policyFrom(readable);
  return { policy: readable.length === open.length ? policy : everythingKilled(policy), rebuilt: true };
};

/** A policy that began here would end, in silence, what 0.1.0 restricts; until then every guarded write is refused. */
const formerReleaseStands = (): MusterError =>
  new MusterError('CONFLICT', `${FORMER_RELEASE_STANDS} Until you have begun anew, every guarded write is refused.`, {
    reason: 'FORMER_RELEASE_STANDS',
    next: BEGIN_ANEW,
  });

/** The record that would say since when is the one that cannot be read; no answer tells an earlier time. */
const LONG_AGO = new Date('2000-01-01T00:00:00Z');

/** Unknown means no (law 3): whatever a damaged record restricted is restricted, until staff restores `*`. */
const everythingKilled = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  killSwitches: {
    [EVERYTHING]: {
      since: LONG_AGO,
      until: null,
      by: 'muster',
      reason: 'The policy was rebuilt, and a record of what is restricted could not be read.',
      activation: null,
      exemptions: {},
    },
    ...policy.killSwitches,
  },
});

/** Newest first: of several modes the last that was entered is on. */
export const policyFrom = (open: readonly { id: string; data: ActivationDocument }[]): PolicyDocument => {
  const standing = ({ id, data }: (typeof open)[number]) => ({
    since: data.since,
    until: data.until,
    by: data.by,
    reason: data.reason,
    activation: id,
    exemptions: {},
  });
  const entered = open.find(({ data }) => data.kind === 'mode');
  const name = mode.safeParse(entered?.data.name).data;
  const killed = open.filter(({ data }) => data.kind === 'kill_switch').toReversed();
  const out = open.filter(({ data }) => data.kind === 'connector_offline').toReversed();
  return {
    version: 4,
    mode: entered && name ? { name, ...standing(entered) } : NO_MODE,
    killSwitches: Object.fromEntries(killed.map((one) => [one.data.name, standing(one)])),
    offline: Object.fromEntries(
      out.map(({ id, data }) => [data.name, { since: data.since, reason: data.reason, activation: id }]),
    ),
  };
};
