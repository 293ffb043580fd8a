import { denialsAt } from '../../../../guard/src/refusals';
import type { Filter } from '../../../../guard/src/documents';
import { collections } from '../../../../guard/src/paths';
import { fromCursor, toCursor } from '../../platform/cursor';
import { defineRead } from '../../platform/operation';
import { activationDocument, toActivationView } from './activation-document';

/** `policy-ledger`: revocation, the page and one more to know of a next page, and what each of the page denied. */
export const policyLedger = defineRead('policy-ledger', {
  cost: { reads: 2, writes: 0, readsPerRow: 2 },
  async answer({ work, now }, { kind, name, on, limit, cursor }) {
    const after = cursor === undefined ? undefined : fromCursor(cursor);
    const where: Filter[] = Object.entries({ kind, name, on }).flatMap(([field, value]) =>
      value === undefined ? [] : [{ field, is: '==' as const, value }],
    );
    const found = await work.find({
      collection: collections.activations,
      schema: activationDocument,
      where,
      orderBy: [{ field: 'since', direction: 'desc' }],
      limit: limit + 1,
      ...(after ? { after: { values: [after.at], id: after.id } } : {}),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    await work.prefetch(page.map(({ id }) => denialsAt(id)));
    return {
      activations: await Promise.all(
        page.map(async ({ id, data }) => toActivationView(id, data, await work.read(denialsAt(id)), now)),
      ),
      nextCursor: found.length > limit && last ? toCursor(last.data.since, last.id) : null,
    };
  },
});
