import { defineRead } from '../../platform/define-read';
import { newestFirst, whereAsked } from '../../platform/page';
import { collections } from '../../../../guard/src/paths';
import { actionDocument, toActionView } from './action-document';

/** `actions-list`: revocation, the page, and one more proposal to know whether there is another page. */
export const listActions = defineRead('actions-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, { status, capability, actor, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.actions,
        schema: actionDocument,
        where: whereAsked({ status, capability, actor }),
        by: 'requestedAt',
      },
      asked,
    );
    return {
      proposals: page.map(({ id, data }) => toActionView(id, data, now)),
      nextCursor,
    };
  },
});
