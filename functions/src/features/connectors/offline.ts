/** The mode `offline` for one connector: entered and left in the policy, each with its record. */
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { policyAsStored, policyAt, type PolicyDocument } from '@muster/guard/policy-document';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { beginActivation, endActivation, type ActivationEnd } from '../policy/for-others/activations';
import { readablePolicy } from '../policy/for-others/current-policy';
import { offlineChange } from './breaker';
import type { ConnectorDocument } from './connector-document';

/** The policy, of which undefined says that it is missing or damaged: nothing is let through then, nor mended here. */
export const policyIn = async (work: Pick<Work, 'read'>): Promise<PolicyDocument | undefined> =>
  readablePolicy(await work.read(policyAsStored()));

export const offlineSinceIn = (policy: PolicyDocument | undefined, id: string): Date | null =>
  policy && Object.hasOwn(policy.offline, id) ? (policy.offline[id]?.since ?? null) : null;

/** How the product stands to a connector after what was staged. */
export interface Settled {
  offlineSince: Date | null;
  /** What the staged change is called, and says; undefined when nothing was to be changed. */
  entry?: AuditDraft;
}

/** Stages what the findings call for: entering the mode, or leaving it. */
export const settleOffline = async (
  work: Work,
  id: string,
  found: ConnectorDocument,
  { activation, now }: { activation: string; now: Date },
): Promise<Settled> => {
  const policy = await policyIn(work);
  const offlineSince = offlineSinceIn(policy, id);
  const change = policy && offlineChange(found, offlineSince, now);
  if (!policy || !change) return { offlineSince };
  if (change === 'enter') return enter(work, policy, id, found, { activation, now });
  const reason = `${found.successes} successes in a row`;
  const entry = await leave(work, policy, id, { end: 'recovered', by: 'muster', reason, at: now });
  return { offlineSince: null, ...(entry ? { entry } : {}) };
};

const enter = (
  work: Work,
  policy: PolicyDocument,
  id: string,
  { failures, lastFailure }: ConnectorDocument,
  { activation, now }: { activation: string; now: Date },
): Settled => {
  const reason = `${failures} failures in a row, the last: ${lastFailure ?? 'unknown'}`;
  beginActivation(work, activation, 'connector_offline', id, { reason, until: null, by: 'muster', at: now });
  work.write(policyAt(), { ...policy, offline: { ...policy.offline, [id]: { since: now, reason, activation } } });
  return { offlineSince: now, entry: entryOf('offline_entered', id, { reason, activation }) };
};

/** Stages the end of the mode; undefined when it is not on. */
export const leave = async (
  work: Work,
  policy: PolicyDocument,
  id: string,
  ending: { end: ActivationEnd; by: string; reason: string; at: Date },
): Promise<AuditDraft | undefined> => {
  // Not by its name alone: every object has a `constructor`, which an id may be.
  if (offlineSinceIn(policy, id) === null) return undefined;
  const { [id]: standing, ...offline } = policy.offline;
  if (!standing) return undefined;
  const { activation, since } = standing;
  await endActivation(work, activation, ending);
  work.write(policyAt(), { ...policy, offline });
  const { end, reason } = ending;
  return entryOf('offline_left', id, { reason, end, activation, since: since.toISOString() });
};

const entryOf = (
  action: string,
  id: string,
  { reason, ...more }: { reason: string; [more: string]: unknown },
): AuditDraft => ({
  action: `connectors.${action}`,
  target: logicalName(paths.connector(id)),
  rationale: reason,
  metadata: { connector: id, ...more },
});
