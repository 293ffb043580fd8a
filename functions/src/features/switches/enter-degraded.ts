import type { ResponseOf } from '../../contract/operations';
import { changed, type Decision } from '../../platform/change';
import { policyAsStored, policyAt } from '../../platform/guard';
import { defineChange, type ChangeContext } from '../../platform/operation';
import { enterMode, readablePolicy, type Entry } from './degraded-mode';
import { modeEntered, type Words } from './policy-audit';
import { toPolicyView } from './policy-view';

/** `policy-enterDegraded`. Never forbidden by policy. Reads revocation and policy; writes policy and entry. */
export const enterDegraded = defineChange('policy-enterDegraded', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [policyAsStored()],
  decide: (context, { mode, reason, details, until }) =>
    enter(context, { mode, reason, until: until === undefined ? null : new Date(until) }, { reason, details }),
});

/** Stages the mode; `words` are what the audit says of it. */
export const enter = async (
  { work, actor, now }: ChangeContext,
  entry: Entry,
  words: Words,
): Promise<Decision<ResponseOf<'policy-enterDegraded'>>> => {
  const before = readablePolicy(await work.read(policyAsStored()));
  const { policy, renewed, replaced } = enterMode(before, entry, actor.id, now);
  work.write(policyAt(), policy);
  return changed(
    { changed: true, renewed, replaced, policy: toPolicyView(policy, now) },
    modeEntered(entry.mode, { ...words, until: entry.until, renewed, replaced }),
  );
};
