import { changed, unchanged } from '../../platform/change';
import { defineChange } from '../../platform/define-change';
import { rejected } from './action';
import { actionEntry } from './action-audit';
import { actionAt, toActionView } from './action-document';
import { unknownAction } from './refusals';

/** `actions-reject`. Never forbidden by policy: it lessens. Reads revocation and proposal; writes proposal and entry. */
export const rejectAction = defineChange('actions-reject', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: ({ actionId }) => [actionAt(actionId)],
  async decide({ work, now, actor }, { actionId, reason }) {
    const before = await work.read(actionAt(actionId));
    if (!before) throw unknownAction();
    const action = rejected(before, { by: actor.id, at: now, reason });
    if (!action) return unchanged({ changed: false, proposal: toActionView(actionId, before, now) });
    work.write(actionAt(actionId), action);
    return changed(
      { changed: true, proposal: toActionView(actionId, action, now) },
      actionEntry('rejected', actionId, action, reason),
    );
  },
});
