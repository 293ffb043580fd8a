import type { Filter } from '@muster/core/storage/documents';
import { defineRead } from '../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../platform/operations/page';
import { collections } from '@muster/core/storage/paths';
import { drillDocument, toDrillView } from './drill-document';

/** `drills-list`: revocation, the page, and one more drill to know whether there is another page. */
export const listDrills = defineRead('drills-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work }, input) {
    const { status, scenarioId, overdue, from, to } = input;
    const where: Filter[] = [
      ...whereAsked({ status, scenarioId, overdue }),
      ...(from === undefined ? [] : [{ field: 'at', is: '>=' as const, value: new Date(from) }]),
      ...(to === undefined ? [] : [{ field: 'at', is: '<' as const, value: new Date(to) }]),
    ];
    const { page, nextCursor } = await newestFirst(
      work,
      { collection: collections.drills, schema: drillDocument, where, by: 'at' },
      input,
    );
    return {
      drills: page.map(({ id, data }) => toDrillView(id, data)),
      nextCursor,
    };
  },
});
