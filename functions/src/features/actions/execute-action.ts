import { CATALOG, classIn } from '../../contract/capabilities';
import { changed } from '../../platform/change';
import { defineChange, type ChangeContext } from '../../platform/define-change';
import type { GuardRequest } from '../../../../guard/src/decision';
import { prefetchFor, refuseForbidden } from '../../../../guard/src/guarded';
import { executed } from './action';
import { actionEntry } from './action-audit';
import { actionAt, toActionView, type Action } from './action-document';
import { hasEnded, parsedRevocation, revocationAt } from '../../../../guard/src/revocation';
import { proposedInEndedSession, unknownAction } from './refusals';

/**
 * `actions-execute`, by who proposed it or by staff. Guarded again, for the proposal itself: the commit stands only if
 * policy, sessions and delegation still are as they were read. Reads policy, the caller's revocation, the proposal, its
 * proposer's and its owner's revocation, and its delegation; writes proposal and entry.
 */
export const executeAction = defineChange('actions-execute', {
  guarded: 'muster.actions.execute',
  cost: { reads: 6, writes: 2 },
  reads: ({ actionId }) => [actionAt(actionId)],
  // Who is told once more that it is done now may not have done it yet: what was killed meanwhile is not to be done.
  async again(context, { actionId }) {
    const action = await context.work.read(actionAt(actionId));
    if (action) await refuseNow(context, action);
  },
  async decide({ work, now, clock, identity, roles }, { actionId }) {
    const before = await work.read(actionAt(actionId));
    if (!before || (before.actor !== identity.uid && !roles.includes('staff'))) throw unknownAction();
    const action = executed(before, identity.uid, now);
    await refuseNow({ work, clock, identity }, before);
    work.write(actionAt(actionId), action);
    return changed(
      { changed: true, proposal: toActionView(actionId, action, now) },
      actionEntry('executed', actionId, action, undefined),
    );
  },
});

/** The guard's word on the proposal itself, in the session of the caller, or in the one in which it was proposed. */
const refuseNow = async (
  { work, clock, identity }: Pick<ChangeContext, 'work' | 'clock' | 'identity'>,
  action: Action,
): Promise<void> => {
  const isOwn = action.actor === identity.uid;
  const authTime = isOwn ? identity.authTime : Math.floor(action.sessionAt.getTime() / 1000);
  const request = { ...requestOf(action), authTime };
  const kind = classIn(CATALOG, action.capability);
  await prefetchFor(work, request, kind);
  const revoked = parsedRevocation(work.seen(revocationAt(action.actor)));
  if (!isOwn && hasEnded(authTime, revoked)) throw proposedInEndedSession();
  refuseForbidden(work, request, kind, clock());
};

const requestOf = ({ capability, actor, owner, delegation, scope }: Action): GuardRequest => ({
  capability,
  actor,
  owner,
  delegation: delegation ?? undefined,
  scope: scope ?? undefined,
});
