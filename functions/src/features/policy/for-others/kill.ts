import { CAPABILITY_CATALOG, classIn, coveredIn, EVERYTHING, FORBIDDEN } from '@muster/contract/capabilities';
import type { ResponseOf } from '@muster/contract/operations';
import { policyAt } from '@muster/guard/policy-document';
import { changed, type Decision } from '../../../platform/operations/change';
import type { ChangeContext } from '../../../platform/operations/define-change';
import { openIncident } from '../../incidents/for-others/open-incident';
import { withSwitch } from '../kill-switch';
import { switchEnabled } from '../policy-audit';
import { toKillSwitchViews } from '../policy-view';
import { beginActivation, endActivation, renewActivation } from './activations';
import { currentPolicy } from './current-policy';

export interface Kill {
  capability: string;
  reason: string;
  until: Date | null;
  /** When the first attempt failed, if one did, and what its incident is called. */
  failed?: { since: Date; incident: string } | undefined;
}

/** Stages the kill switch and its record. */
export const kill = async (
  { work, actor, now, ids, limits }: ChangeContext,
  { capability, reason, until, failed }: Kill,
): Promise<Decision<ResponseOf<'policy-kill'>>> => {
  const before = (await currentPolicy(work)).policy;
  const order = { reason, until, by: actor.id, at: now };
  const { policy, entry, renewed } = withSwitch(before, capability, order, {
    activation: ids('act'),
    twoPersons: limits.twoPersons,
  });
  const old = Object.hasOwn(before.killSwitches, capability) ? before.killSwitches[capability] : undefined;
  if (renewed && old?.activation) await renewActivation(work, old.activation, { ...order, until: entry.until });
  else if (entry.activation) beginActivation(work, entry.activation, 'kill_switch', capability, order);
  if (!renewed && old) {
    await endActivation(work, old.activation, { end: 'expired', by: 'muster', reason: null, at: old.until ?? now });
  }
  work.write(policyAt(), policy);
  const incident = failed ? await openIncident(work, failed, { capability, by: actor.id, now, contained: true }) : null;

  const killSwitch = toKillSwitchViews(policy, now).find((one) => one.capability === capability);
  if (!killSwitch) throw new Error('a kill switch that was just set does not stand');
  const what = capability === EVERYTHING ? 'Everything' : capability;
  const end = killSwitch.until ? `until ${killSwitch.until}` : 'until someone restores it';
  return changed(
    {
      changed: true,
      renewed,
      message: `${what} is ${renewed ? 'still ' : ''}killed, ${end}.`,
      killSwitch,
      covers: coveredIn(CAPABILITY_CATALOG, capability).filter((name) =>
        FORBIDDEN.kill_switch.includes(classIn(CAPABILITY_CATALOG, name)),
      ),
      incident,
    },
    switchEnabled({ capability, reason, activation: entry.activation, until: entry.until, renewed, incident }),
  );
};
