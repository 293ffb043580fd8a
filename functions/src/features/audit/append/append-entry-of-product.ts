import { badInput } from '@muster/core/errors';
import { redactText } from '@muster/core/redaction/redaction';
import { changed } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { recentAppendsAt, withAnother } from './recent-appends';

/**
 * `audit-append`: an entry that the product writes, of something that it did itself. The entry is that of the change, as with
 * every other; what is changed is how many the caller has appended lately. Not guarded: what is restricted goes on being
 * recorded.
 */
export const appendEntryOfProduct = defineChange('audit-append', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  async decide({ work, now, identity, limits, entryId }, input) {
    const { requestId: _, ...said } = input;
    refuseUndeclared(said.action, limits.auditNamespaces);
    refuseSecretIn(said.action);
    const address = recentAppendsAt(identity.uid);
    await work.prefetch([address]);
    work.write(address, withAnother(await work.read(address), now));
    // Law 7: what belongs to a drill is marked.
    return changed(
      { entryId, at: now.toISOString() },
      { ...said, target: redactText(said.target), exercise: said.drillId !== undefined },
    );
  },
});

const refuseUndeclared = (action: string, namespaces: readonly string[]): void => {
  if (namespaces.some((name) => action.startsWith(`${name}.`))) return;
  const declared = namespaces.length === 0 ? 'none is' : `declared are: ${namespaces.join(', ')}`;
  throw badInput([
    {
      field: 'action',
      problem: `not in a namespace that MUSTER_AUDIT_NAMESPACES declares, with a dot after it; ${declared}`,
    },
  ]);
};

/** An action is stored as it is, because entries are asked for by it: it must not be what the door would take out. */
const refuseSecretIn = (action: string): void => {
  if (redactText(action) === action) return;
  throw badInput([{ field: 'action', problem: 'it looks like a secret; an action is a name of what was done' }]);
};
