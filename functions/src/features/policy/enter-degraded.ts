import type { ResponseOf } from '@muster/contract/operations';
import { changed, type Decision } from '../../platform/operations/change';
import { policyAsStored, policyAt } from '@muster/guard/policy-document';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import { beginActivation, endActivation, renewActivation } from './for-others/activations';
import { currentPolicy } from './for-others/current-policy';
import { enterMode, type Entry } from './degraded-mode';
import { modeEntered, type Words } from './policy-audit';
import { toPolicyView } from './policy-view';
import { endFrom } from './for-others/until';

/**
 * `policy-enterDegraded`. Never forbidden by policy. Reads revocation, policy and the activation that is renewed or
 * replaced; writes policy, one activation or two, entry. Over a policy
 * that is missing or damaged, the activations that stand are read as well.
 */
export const enterDegraded = defineChange('policy-enterDegraded', {
  guarded: false,
  cost: { reads: 4, writes: 4 },
  reads: () => [policyAsStored()],
  decide: (context, { mode, reason, details, until }) =>
    enter(context, { mode, reason, until: endFrom(until, context.now) }, { reason, details }),
});

/** Stages the mode; `words` are what the audit says of it. */
export const enter = async (
  { work, actor, now, ids, limits }: ChangeContext,
  entry: Entry,
  words: Words,
): Promise<Decision<ResponseOf<'policy-enterDegraded'>>> => {
  const before = (await currentPolicy(work)).policy;
  const { policy, renewed, replaced } = enterMode(before, entry, {
    by: actor.id,
    now,
    activation: ids('act'),
    twoPersons: limits.twoPersons,
  });
  const order = { reason: entry.reason, until: policy.mode.until, by: actor.id, at: now };
  if (renewed && before.mode.activation !== null) await renewActivation(work, before.mode.activation, order);
  else if (policy.mode.activation !== null) beginActivation(work, policy.mode.activation, 'mode', entry.mode, order);
  if (!renewed) {
    // The one that ends with this, or one whose time came before any run had ended it.
    const end = replaced ? ('replaced' as const) : ('expired' as const);
    const at = replaced ? now : (before.mode.until ?? now);
    await endActivation(work, before.mode.activation, { end, by: actor.id, reason: entry.reason, at });
  }
  work.write(policyAt(), policy);
  return changed(
    { changed: true, renewed, replaced, policy: toPolicyView(policy, now) },
    modeEntered(entry.mode, { ...words, until: policy.mode.until, renewed, replaced }),
  );
};
