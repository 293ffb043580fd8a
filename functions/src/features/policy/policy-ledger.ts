import { denialsAt } from '@muster/guard/refusal-counter';
import { collections } from '@muster/core/storage/paths';
import { defineRead } from '../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../platform/operations/page';
import { activationDocument, toActivationView } from './activation-document';

/** `policy-ledger`: revocation, the page and one more to know of a next page, and what each of the page denied. */
export const policyLedger = defineRead('policy-ledger', {
  cost: { reads: 2, writes: 0, readsPerRow: 2 },
  async answer({ work, now }, { kind, name, on, ...asked }) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.activations,
        schema: activationDocument,
        where: whereAsked({ kind, name, on }),
        by: 'since',
      },
      asked,
    );
    await work.prefetch(page.map(({ id }) => denialsAt(id)));
    return {
      activations: await Promise.all(
        page.map(async ({ id, data }) => toActivationView(id, data, await work.read(denialsAt(id)), now)),
      ),
      nextCursor,
    };
  },
});
