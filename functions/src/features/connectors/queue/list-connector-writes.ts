import { defineRead } from '../../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../../platform/operations/page';
import { collections } from '@muster/core/storage/paths';
import { connectorWrite, toWriteView } from './write-document';

/** `connectors-writes`: revocation, the page, and one more write to know whether there is another page. */
export const listConnectorWrites = defineRead('connectors-writes', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work }, { connectorId, status, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.connectorWrites,
        schema: connectorWrite,
        where: whereAsked({ connectorId, status }),
        by: 'queuedAt',
      },
      asked,
    );
    return { writes: page.map(({ id, data }) => toWriteView(id, data)), nextCursor };
  },
});
