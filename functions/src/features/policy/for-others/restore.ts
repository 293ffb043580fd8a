import { EVERYTHING } from '@muster/contract/capabilities';
import type { ResponseOf } from '@muster/contract/operations';
import { policyAt, type PolicyDocument } from '@muster/guard/policy-document';
import { changed, unchanged, type Decision } from '../../../platform/operations/change';
import type { ChangeContext } from '../../../platform/operations/define-change';
import { standingSwitch, withoutSwitch } from '../kill-switch';
import { policyRebuilt, switchDisabled, switchEndRequested } from '../policy-audit';
import { toEndRequestView, toKillSwitchViews } from '../policy-view';
import { askToEnd, endActivation, endRequestIn, type EndRequest } from './activations';
import { currentPolicy } from './current-policy';
import { secondPerson, standingRequest } from './second-person';

export interface Restore {
  capability: string;
  reason: string;
  breakGlass: boolean;
}

/** Stages the end of a kill switch, or the first half of it, or says that there is none to end. */
export const restore = async (
  { work, actor, roles, ids, now, limits }: ChangeContext,
  { capability, reason, breakGlass }: Restore,
): Promise<Decision<ResponseOf<'policy-restore'>>> => {
  const { policy: before, rebuilt } = await currentPolicy(work);
  const answer = (policy: PolicyDocument, message: string, endRequest: EndRequest | null = null) => {
    const killSwitches = toKillSwitchViews(policy, now);
    const still = killSwitches.map((one) => (one.capability === EVERYTHING ? 'everything' : one.capability));
    const rest = still.length > 0 ? ` Killed now: ${still.join(', ')}.` : ' Nothing is killed now.';
    return {
      ...{ changed: true, restored: false, end: null, message: message + rest, killSwitches },
      endRequest: toEndRequestView(endRequest),
    };
  };
  const what = capability === EVERYTHING ? 'Everything' : capability;

  const standing = standingSwitch(before, capability, now);
  if (!standing) {
    const absent = answer(before, `${what} was not killed under this name; nothing was changed.`);
    if (!rebuilt) return unchanged({ ...absent, changed: false });
    work.write(policyAt(), before);
    return changed(absent, policyRebuilt(before));
  }
  const asking = { by: actor.id, roles, at: now, breakGlass };
  const request = limits.twoPersons ? await standingRequest(work, await endRequestIn(work, standing.activation)) : null;
  const second = secondPerson(limits.twoPersons, request, asking);
  if (second === 'ask') {
    const activation = standing.activation ?? ids('act');
    const endRequest = { by: actor.id, at: now, reason };
    const order = { reason: standing.reason, until: standing.until, by: standing.by, at: standing.since };
    await askToEnd(work, activation, { kind: 'kill_switch', name: capability, order }, endRequest);
    const entry = { ...standing, activation };
    const after = { ...before, killSwitches: { ...before.killSwitches, [capability]: entry } };
    if (rebuilt || standing.activation === null) work.write(policyAt(), after);
    return changed(
      answer(after, `${what} is still killed: another staff member must restore it too, within a day.`, endRequest),
      switchEndRequested({ capability, reason, activation }),
    );
  }
  const { activation } = standing;
  const end = second === 'break_glass' ? ('break_glass' as const) : ('restored' as const);
  await endActivation(work, activation, { end, by: actor.id, reason, at: now });
  const after = withoutSwitch(before, capability);
  work.write(policyAt(), after);
  return changed(
    {
      ...answer(after, `${what} is restored${end === 'break_glass' ? ', by breaking the glass' : ''}.`),
      restored: true,
      end,
    },
    switchDisabled({
      capability,
      reason,
      activation,
      requestedBy: request?.by,
      breakGlass: end === 'break_glass',
    }),
  );
};
