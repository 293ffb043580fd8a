import { fromCursor, toCursor } from '../../platform/cursor';
import type { Filter } from '../../../../guard/src/documents';
import { defineRead } from '../../platform/operation';
import { collections } from '../../../../guard/src/paths';
import { drillDocument, toDrillView } from './drill-document';

/** `drills-list`: revocation, the page, and one more drill to know whether there is another page. */
export const listDrills = defineRead('drills-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work }, input) {
    const after = input.cursor === undefined ? undefined : fromCursor(input.cursor);
    const where: Filter[] = [
      ...(input.status === undefined ? [] : [{ field: 'status', is: '==' as const, value: input.status }]),
      ...(input.scenarioId === undefined ? [] : [{ field: 'scenarioId', is: '==' as const, value: input.scenarioId }]),
      ...(input.overdue === undefined ? [] : [{ field: 'overdue', is: '==' as const, value: input.overdue }]),
      ...(input.from === undefined ? [] : [{ field: 'at', is: '>=' as const, value: new Date(input.from) }]),
      ...(input.to === undefined ? [] : [{ field: 'at', is: '<' as const, value: new Date(input.to) }]),
    ];
    const found = await work.find({
      collection: collections.drills,
      schema: drillDocument,
      where,
      orderBy: [{ field: 'at', direction: 'desc' }],
      limit: input.limit + 1,
      ...(after ? { after: { values: [after.at], id: after.id } } : {}),
    });
    const page = found.slice(0, input.limit);
    const last = page.at(-1);
    return {
      drills: page.map(({ id, data }) => toDrillView(id, data)),
      nextCursor: found.length > input.limit && last ? toCursor(last.data.at, last.id) : null,
    };
  },
});
