import { CATALOG, classIn } from '../../contract/capabilities';
import { changed } from '../../platform/change';
import { defineChange } from '../../platform/operation';
import type { GuardRequest } from '../../../../guard/src/decision';
import { prefetchFor, refuseForbidden } from '../../../../guard/src/guarded';
import { executed } from './action';
import { actionEntry } from './action-audit';
import { actionAt, toActionView, type Action } from './action-document';
import { unknownAction } from './refusals';

/**
 * `actions-execute`, by who proposed it or by staff. Guarded again, for the proposal itself: the commit stands only if
 * policy, sessions and delegation still are as they were read. Reads policy, the caller's revocation, the proposal, its
 * delegation and its owner's revocation; writes proposal and entry.
 */
export const executeAction = defineChange('actions-execute', {
  guarded: 'muster.actions.execute',
  cost: { reads: 5, writes: 2 },
  reads: ({ actionId }) => [actionAt(actionId)],
  async decide({ work, now, clock, identity, roles }, { actionId }) {
    const before = await work.read(actionAt(actionId));
    if (!before || (before.actor !== identity.uid && !roles.includes('staff'))) throw unknownAction();
    const action = executed(before, identity.uid, now);

    const authTime = before.actor === identity.uid ? identity.authTime : undefined;
    const request = { ...requestOf(before), authTime };
    const kind = classIn(CATALOG, before.capability);
    await prefetchFor(work, request, kind);
    refuseForbidden(work, request, kind, clock());
    work.write(actionAt(actionId), action);
    return changed(
      { changed: true, proposal: toActionView(actionId, action, now) },
      actionEntry('executed', actionId, action, undefined),
    );
  },
});

const requestOf = ({ capability, actor, owner, delegation, scope }: Action): GuardRequest => ({
  capability,
  actor,
  owner,
  delegation: delegation ?? undefined,
  scope: scope ?? undefined,
});
