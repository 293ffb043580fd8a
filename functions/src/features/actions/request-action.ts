import { CATALOG, classIn } from '../../contract/capabilities';
import { changed } from '../../platform/change';
import { defineChange } from '../../platform/define-change';
import { prefetchFor, refuseForbidden } from '../../../../guard/src/guarded';
import { proposed } from './action';
import { actionEntry } from './action-audit';
import { actionAt, toActionView } from './action-document';
import { documentsNamed, guardRequestOf } from './delegation-finder';

/**
 * `actions-request`. Reads policy, the caller's and the owner's revocation, and the delegation that is named, or up to 20
 * to find one; writes the proposal and its entry. What is forbidden now cannot be proposed either.
 */
export const requestAction = defineChange('actions-request', {
  guarded: 'muster.actions.request',
  cost: { reads: 23, writes: 2 },
  reads: documentsNamed,
  async decide({ work, now, clock, ids, identity }, input) {
    const caller = { actor: identity.uid, authTime: identity.authTime };
    const request = await guardRequestOf(work, input, caller, clock());
    const kind = classIn(CATALOG, input.capability);
    await prefetchFor(work, request, kind);
    refuseForbidden(work, request, kind, clock());

    const id = ids('prp');
    const action = proposed(
      {
        capability: input.capability,
        actor: identity.uid,
        owner: request.owner,
        delegation: request.delegation ?? null,
        scope: input.scope ?? null,
        rationale: input.rationale,
        input: JSON.stringify(input.input),
        sessionAt: new Date(identity.authTime * 1000),
      },
      now,
    );
    work.create(actionAt(id), action);
    return changed({ proposal: toActionView(id, action, now) }, actionEntry('requested', id, action, action.rationale));
  },
});
