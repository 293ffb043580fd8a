import { CAPABILITY_CATALOG, classIn, coveredIn, EVERYTHING, FORBIDDEN } from '@muster/contract/capabilities';
import { killedIn } from '@muster/contract/chaos';
import type { ResponseOf } from '@muster/contract/operations';
import { MusterError } from '@muster/core/errors';
import { policyAt } from '@muster/guard/policy-document';
import { changed, type Decision } from '../../../platform/operations/change';
import type { ChangeContext } from '../../../platform/operations/define-change';
import { openIncident } from '../../incidents/for-others/open-incident';
import { withSwitch } from '../kill-switch';
import { MOST_NAMED } from '../kill-switch-room';
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

/** Stages the kill switch and its record. Where the policy has no room for the name, a wider one is killed, and `binds` says which. */
export const kill = async (
  { work, actor, now, ids, limits }: ChangeContext,
  { capability, reason, until, failed }: Kill,
): Promise<Decision<ResponseOf<'policy-kill'>>> => {
  const before = (await currentPolicy(work)).policy;
  const order = { reason, until, by: actor.id, at: now };
  const { policy, entry, renewed, binds } = withSwitch(before, capability, order, {
    activation: ids('act'),
    twoPersons: limits.twoPersons,
  });
  // An experiment stops nothing but its own scope, also where there is no room for that.
  if (binds !== capability && isOfExperiments(capability)) throw noRoomForExperiments();
  const old = Object.hasOwn(before.killSwitches, binds) ? before.killSwitches[binds] : undefined;
  if (renewed && old?.activation) await renewActivation(work, old.activation, { ...order, until: entry.until });
  else if (entry.activation) beginActivation(work, entry.activation, 'kill_switch', binds, order);
  if (!renewed && old) {
    await endActivation(work, old.activation, { end: 'expired', by: 'muster', reason: null, at: old.until ?? now });
  }
  work.write(policyAt(), policy);
  const incident = failed ? await openIncident(work, failed, { capability, by: actor.id, now, contained: true }) : null;

  const killSwitch = toKillSwitchViews(policy, now).find((one) => one.capability === binds);
  if (!killSwitch) throw new Error('a kill switch that was just set does not stand');
  const what = binds === EVERYTHING ? 'Everything' : binds;
  const end = killSwitch.until ? `until ${killSwitch.until}` : 'until someone restores it';
  return changed(
    {
      changed: true,
      renewed,
      message: `${what} is ${renewed ? 'still ' : ''}killed, ${end}.${binds === capability ? '' : noRoomFor(capability, binds)}`,
      binds,
      killSwitch,
      covers: coveredIn(CAPABILITY_CATALOG, binds).filter((name) =>
        FORBIDDEN.kill_switch.includes(classIn(CAPABILITY_CATALOG, name)),
      ),
      incident,
    },
    switchEnabled({
      ...{ capability: binds, reason, activation: entry.activation, until: entry.until, renewed, incident },
      ...(binds === capability ? {} : { asked: capability }),
    }),
  );
};

const isOfExperiments = (name: string): boolean => name.startsWith(killedIn(''));

const noRoomForExperiments = (): MusterError =>
  new MusterError('CONFLICT', `There are ${MOST_NAMED} kill switches. Nothing of an experiment was killed.`, {
    reason: 'TOO_MANY',
    next: 'Experiment again once some of them are restored (policy-restore).',
  });

const noRoomFor = (asked: string, binds: string): string =>
  ` There was no room for another name, so this stops ${asked}, and more than that. Restore it as ${binds}, once other kill switches are restored.`;
