import { fromCursor, toCursor } from '../../platform/cursor';
import type { Filter } from '../../../../guard/src/documents';
import { defineRead } from '../../platform/operation';
import { collections } from '../../../../guard/src/paths';
import { actionDocument, toActionView } from './action-document';

/** `actions-list`: revocation, the page, and one more proposal to know whether there is another page. */
export const listActions = defineRead('actions-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, { status, capability, actor, limit, cursor }) {
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const where = Object.entries({ status, capability, actor }).flatMap(([field, value]): Filter[] =>
      value === undefined ? [] : [{ field, is: '==', value }],
    );
    const found = await work.find({
      collection: collections.actions,
      schema: actionDocument,
      where,
      orderBy: [{ field: 'requestedAt', direction: 'desc' }],
      limit: limit + 1,
      ...(after ? { after: { values: [after.at], id: after.id } } : {}),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      proposals: page.map(({ id, data }) => toActionView(id, data, now)),
      nextCursor: found.length > limit && last ? toCursor(last.data.requestedAt, last.id) : null,
    };
  },
});
