import { CATALOG, classIn } from '../../contract/capabilities';
import { changed, unchanged } from '../../platform/change';
import { defineChange } from '../../platform/define-change';
import { decideOnPolicy } from '../../../../guard/src/decision';
import { policyAsStored } from '../../../../guard/src/policy-document';
import { refusalFor } from '../../../../guard/src/refusal';
import { approved } from './action';
import { actionEntry } from './action-audit';
import { actionAt, toActionView } from './action-document';
import { unknownAction } from './refusals';

/** `actions-approve`. Reads policy, revocation, proposal; writes proposal and entry. Nothing forbidden now is approved. */
export const approveAction = defineChange('actions-approve', {
  guarded: 'muster.actions.approve',
  cost: { reads: 3, writes: 2 },
  reads: ({ actionId }) => [actionAt(actionId)],
  async decide({ work, now, clock, actor, limits }, { actionId, reason }) {
    const before = await work.read(actionAt(actionId));
    if (!before) throw unknownAction();
    const action = approved(before, { by: actor.id, at: now, reason }, limits.twoPersons);
    if (!action) return unchanged({ changed: false, proposal: toActionView(actionId, before, now) });

    const kind = classIn(CATALOG, action.capability);
    const decision = decideOnPolicy(action, kind, work.seen(policyAsStored()), clock());
    if (!decision.allowed) throw refusalFor(action, decision);
    work.write(actionAt(actionId), action);
    return changed(
      { changed: true, proposal: toActionView(actionId, action, now) },
      actionEntry('approved', actionId, action, reason),
    );
  },
});
