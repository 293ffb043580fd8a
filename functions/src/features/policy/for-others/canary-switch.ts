/** The one switch that the armed-switch canary sets and ends: `canary`, which nothing else has. */
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { parsedPolicy, policyAsStored, policyAt } from '@muster/guard/policy-document';
import type { Work } from '@muster/core/storage/work';
import { killedAs, standingSwitch, withoutSwitch, withSwitch } from '../kill-switch';
import { switchDisabled, switchEnabled } from '../policy-audit';

const NAME = 'canary';

/** Who the policy says has killed it. What anyone else has killed under this name is theirs. */
const CANARY = 'muster-canary';

const ofTheCanary = (entry: AuditDraft): AuditDraft => ({ ...entry, metadata: { ...entry.metadata, canary: true } });

/**
 * Stages the kill, as `policy-kill` does, but for the ledger, which would have 24 more activations a day. `reason` is of
 * one run alone: by it the run finds its own. Undefined when the policy cannot be read, when someone has killed it already, and when
 * there is no room for it: it tries a brake, and must not stop anything else for that.
 */
export const killCanary = async (
  work: Work,
  order: { reason: string; until: Date; at: Date },
): Promise<AuditDraft | undefined> => {
  const before = parsedPolicy(await work.read(policyAsStored()));
  if (!before || standingSwitch(before, NAME, order.at) || killedAs(before, NAME, order) !== NAME) return undefined;
  const settings = { activation: null, twoPersons: false };
  const { policy } = withSwitch(before, NAME, { ...order, by: CANARY }, settings);
  work.write(policyAt(), policy);
  const { reason, until } = order;
  return ofTheCanary(switchEnabled({ capability: NAME, reason, activation: null, until }));
};

/**
 * Stages the end of a kill that the canary has set: of the run with this reason, or of whichever. Undefined when there is
 * none. It needs no second person: it ends nothing but its own.
 */
export const restoreCanary = async (work: Work, reason?: string): Promise<AuditDraft | undefined> => {
  const before = parsedPolicy(await work.read(policyAsStored()));
  const standing = before?.killSwitches[NAME];
  if (!before || standing?.by !== CANARY || (reason !== undefined && standing.reason !== reason)) return undefined;
  work.write(policyAt(), withoutSwitch(before, NAME));
  return ofTheCanary(switchDisabled({ capability: NAME, reason: standing.reason, activation: null }));
};
