import { defineRead } from '../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../platform/operations/page';
import { collections } from '@muster/core/storage/paths';
import { proposalDocument, toProposalView } from './proposal-document';

/** `proposals-list`: revocation, the page, and one more proposal to know whether there is another page. */
export const listProposals = defineRead('proposals-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, { status, capability, actor, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.proposals,
        schema: proposalDocument,
        where: whereAsked({ status, capability, actor }),
        by: 'requestedAt',
      },
      asked,
    );
    return {
      proposals: page.map(({ id, data }) => toProposalView(id, data, now)),
      nextCursor,
    };
  },
});
