import { defineRead } from '../../platform/operations/define-read';
import { collections } from '@muster/core/storage/paths';
import { drillAt, drillEventDocument, toDrillView, toEventView } from './drill-document';
import { unknownDrill } from './drill-errors';

/** A timeline longer than this is answered in part, and says so. */
const MOST_EVENTS = 500;

/** `drills-get`: revocation, drill, its events in the order in which they happened (or one read that finds none). */
export const getDrill = defineRead('drills-get', {
  cost: { reads: 3, writes: 0, readsPerRow: 1 },
  async answer({ work }, { drillId }) {
    const drill = await work.read(drillAt(drillId));
    if (!drill) throw unknownDrill();
    const events = await work.find({
      collection: collections.drillEvents(drillId),
      schema: drillEventDocument,
      where: [],
      orderBy: [{ field: 'at', direction: 'asc' }],
      limit: MOST_EVENTS + 1,
    });
    return {
      drill: toDrillView(drillId, drill),
      events: events.slice(0, MOST_EVENTS).map(toEventView),
      moreEvents: events.length > MOST_EVENTS,
    };
  },
});
