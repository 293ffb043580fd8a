import type { ResponseOf } from '../../contract/operations';
import { changed, unchanged, type Decision } from '../../platform/change';
import { modeAt, NORMAL, policyAsStored, policyAt } from '../../platform/guard';
import { defineChange, type ChangeContext } from '../../platform/operation';
import { exitMode, readablePolicy, type Entry } from './degraded-mode';
import { modeExited, type Words } from './policy-audit';
import { toPolicyView } from './policy-view';

/** `policy-exitDegraded`. Never forbidden by policy. Reads revocation and policy; writes policy and entry. */
export const exitDegraded = defineChange('policy-exitDegraded', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [policyAsStored()],
  decide: (context, { mode, reason, details }) => exit(context, mode, { reason, details }),
});

/** Stages the end of a mode, or says that there is none to end. */
export const exit = async (
  { work, now }: ChangeContext,
  mode: Entry['mode'] | undefined,
  words: Words,
): Promise<Decision<ResponseOf<'policy-exitDegraded'>>> => {
  const before = readablePolicy(await work.read(policyAsStored()));
  const after = exitMode(before, mode, now);
  if (!after) {
    const standing = before ?? NORMAL;
    const on = modeAt(standing, now);
    const message =
      on === 'normal'
        ? 'No mode was on; nothing was changed.'
        : `The mode that is on is ${on}, not ${mode}; it stays on.`;
    return unchanged({ changed: false, message, policy: toPolicyView(standing, now) });
  }
  work.write(policyAt(), after);
  const ended = before ? modeAt(before, now) : 'unknown';
  const message = before
    ? `The mode ${ended} has ended.`
    : 'The stored policy was missing or damaged and restricted everything; it says "normal" now.';
  return changed({ changed: true, message, policy: toPolicyView(after, now) }, modeExited(ended, words));
};
