import * as z from 'zod';
import { newestFirst } from '../../platform/operations/page';
import { defineRead } from '../../platform/operations/define-read';
import { collections } from '@muster/core/storage/paths';
import { connectorDocument } from './connector-document';
import { toConnectorView } from './connector-view';
import { offlineSinceIn, policyIn } from './offline';

/** Later than anything: a filter by it finds times alone, so that no damaged record stands in the way of a page. */
const EVER = new Date('9999-12-31T23:59:59Z');
const listed = z.looseObject({ registeredAt: z.date() });

/**
 * `connectors-list`: revocation, policy, the page, and one more connector to know whether there is another page. A damaged
 * record is left out; `connectors-health` names it.
 */
export const listConnectors = defineRead('connectors-list', {
  cost: { reads: 3, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, asked) {
    const [policy, { page, nextCursor }] = await Promise.all([
      policyIn(work),
      newestFirst(
        work,
        {
          collection: collections.connectors,
          schema: listed,
          where: [{ field: 'registeredAt', is: '<=', value: EVER }],
          by: 'registeredAt',
        },
        asked,
      ),
    ]);
    return {
      connectors: page.flatMap(({ id, data }) => {
        const found = connectorDocument.safeParse(data).data;
        return found ? [toConnectorView(id, found, offlineSinceIn(policy, id), now)] : [];
      }),
      nextCursor,
    };
  },
});
