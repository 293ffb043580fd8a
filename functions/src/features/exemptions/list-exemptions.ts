import { defineRead } from '../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../platform/operations/page';
import { collections } from '@muster/core/storage/paths';
import { exemptionDocument, toExemptionView } from './exemption-document';

/** `exemptions-list`: revocation, the page, and one more exemption to know whether there is another page. */
export const listExemptions = defineRead('exemptions-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, { owner, capability, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.exemptions,
        schema: exemptionDocument,
        where: whereAsked({ owner, capability }),
        by: 'grantedAt',
      },
      asked,
    );
    return {
      exemptions: page.map(({ id, data }) => toExemptionView(id, data, now)),
      nextCursor,
    };
  },
});
