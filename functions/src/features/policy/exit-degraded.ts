import type { RestrictedMode } from '@muster/contract/modes';
import type { ResponseOf } from '@muster/contract/operations';
import { changed, unchanged, type Decision } from '../../platform/operations/change';
import { modeAt, policyAsStored, policyAt, type PolicyDocument } from '@muster/guard/policy-document';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import { askToEnd, endActivation, endRequestIn } from './for-others/activations';
import { currentPolicy } from './for-others/current-policy';
import { exitMode } from './degraded-mode';
import { modeEndRequested, modeExited, policyRebuilt, type Words } from './policy-audit';
import { toPolicyView } from './policy-view';
import { secondPerson, standingRequest } from './for-others/second-person';

type Answer = Decision<ResponseOf<'policy-exitDegraded'>>;

/**
 * `policy-exitDegraded`. Never forbidden by policy. Reads revocation, policy, activation; writes policy, activation and
 * entry. Over a policy that is missing or damaged it stores one that says what was restricted, and ends only a mode that is named.
 */
export const exitDegraded = defineChange('policy-exitDegraded', {
  guarded: false,
  cost: { reads: 4, writes: 3 },
  reads: () => [policyAsStored()],
  decide: (context, { mode, reason, details, breakGlass }) =>
    exit(context, mode, { reason, details }, breakGlass ?? false),
  afterwards: async ({ log }, { end, message }) => {
    if (end === 'break_glass') log.critical('a mode was ended by breaking the glass', { message });
  },
});

/** Stages the end of a mode, or says that there is none to end. */
export const exit = async (
  context: ChangeContext,
  mode: RestrictedMode | undefined,
  words: Words,
  breakGlass = false,
): Promise<Answer> => {
  const { work, now, actor, roles, ids, limits } = context;
  const { policy: before, rebuilt } = await currentPolicy(work);
  // Over a damaged policy nobody could see which mode is on: one that is not named is told, and stays.
  const after = rebuilt && mode === undefined ? undefined : exitMode(before, mode, now);
  if (!after) {
    const view = toPolicyView(before, now);
    if (rebuilt) {
      work.write(policyAt(), before);
      const stays = view.mode === 'normal' ? '' : ` The mode ${view.mode} is on, as before.`;
      const message = `The stored policy was missing or damaged and restricted everything; it can be read again.${stays}`;
      return changed({ changed: true, end: null, message, policy: view }, policyRebuilt(before));
    }
    const message =
      view.mode === 'normal'
        ? 'No mode was on; nothing was changed.'
        : `The mode that is on is ${view.mode}, not ${mode}; it stays on.`;
    return unchanged({ changed: false, end: null, message, policy: view });
  }
  const on = modeAt(before, now);
  const { activation } = before.mode;
  const request = limits.twoPersons ? await standingRequest(work, await endRequestIn(work, activation)) : null;
  const second = secondPerson(limits.twoPersons, request, { by: actor.id, roles, at: now, breakGlass });
  if (second === 'ask') {
    const asked = activation ?? ids('act');
    await askToEnd(
      work,
      asked,
      { kind: 'mode', name: on, order: orderOf(before.mode, now) },
      {
        ...{ by: actor.id, at: now, reason: words.reason ?? 'no reason given' },
      },
    );
    const named = { ...before, mode: { ...before.mode, activation: asked } };
    if (rebuilt || activation === null) work.write(policyAt(), named);
    const message = `The mode ${on} is still on: another staff member must end it too.`;
    const answer = { changed: false, end: null, message, policy: toPolicyView(before, now) };
    return changed(answer, modeEndRequested(on, asked, words));
  }
  const end = second === 'break_glass' ? ('break_glass' as const) : ('exited' as const);
  await endActivation(work, activation, { end, by: actor.id, reason: words.reason ?? null, at: now });
  work.write(policyAt(), after);
  return changed(
    { changed: true, end, message: `The mode ${on} has ended.`, policy: toPolicyView(after, now) },
    modeExited(on, { ...words, requestedBy: request?.by, breakGlass: second === 'break_glass' }),
  );
};

/** What its record is begun with anew, where that is missing. */
const orderOf = ({ reason, until, by, since }: PolicyDocument['mode'], now: Date) => ({
  reason: reason ?? 'no reason given',
  until,
  by: by ?? 'muster',
  at: since ?? now,
});
