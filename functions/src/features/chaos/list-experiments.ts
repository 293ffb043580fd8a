import { newestFirst, whereAsked } from '../../platform/operations/page';
import { defineRead } from '../../platform/operations/define-read';
import { collections } from '@muster/core/storage/paths';
import { experimentDocument, toExperimentView } from './experiment-document';

/** `chaos-list`: revocation, the page, and one more experiment to know whether there is another page. */
export const listExperiments = defineRead('chaos-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 1 },
  async answer({ work }, { experiment, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.experiments,
        schema: experimentDocument,
        where: whereAsked({ experiment }),
        by: 'armedAt',
      },
      asked,
    );
    return { experiments: page.map(({ id, data }) => toExperimentView(id, data)), nextCursor };
  },
});
