import { fromCursor, toCursor } from '../../platform/cursor';
import { defineRead } from '../../platform/operation';
import type { Filter } from '../../../../guard/src/documents';
import { collections } from '../../../../guard/src/paths';
import { exemptionDocument, toExemptionView } from './exemption-document';

/** `exemptions-list`: revocation, the page, and one more exemption to know whether there is another page. */
export const listExemptions = defineRead('exemptions-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work, now }, { owner, capability, limit, cursor }) {
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const where: Filter[] = Object.entries({ owner, capability }).flatMap(([field, value]) =>
      value === undefined ? [] : [{ field, is: '==' as const, value }],
    );
    const found = await work.find({
      collection: collections.exemptions,
      schema: exemptionDocument,
      where,
      orderBy: [{ field: 'grantedAt', direction: 'desc' }],
      limit: limit + 1,
      ...(after ? { after: { values: [after.at], id: after.id } } : {}),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      exemptions: page.map(({ id, data }) => toExemptionView(id, data, now)),
      nextCursor: found.length > limit && last ? toCursor(last.data.grantedAt, last.id) : null,
    };
  },
});
