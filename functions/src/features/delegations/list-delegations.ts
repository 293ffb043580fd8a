import type * as z from 'zod';
import type { listDelegations as shapes } from '../../contract/delegations';
import type { Role } from '../../contract/staff';
import { fromCursor, toCursor } from '../../platform/cursor';
import { defineRead } from '../../platform/operation';
import { delegation } from '../../../../guard/src/delegation';
import type { Filter } from '../../../../guard/src/documents';
import { MusterError } from '../../../../guard/src/errors';
import { collections } from '../../../../guard/src/paths';
import { revocationAt } from '../../../../guard/src/revocation';
import { stateOf, toDelegationView } from './delegation';

/**
 * `delegations-list`: revocation, the page and one more to know of a next page, and whether each owner's sessions were
 * ended, because delegations end with them.
 */
export const listDelegations = defineRead('delegations-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 2 },
  async answer({ work, now, roles, identity }, input) {
    const { owner, agent } = whose(input, identity.uid, roles);
    const after = input.cursor === undefined ? undefined : fromCursor(input.cursor);
    const where: Filter[] = Object.entries({ owner, agent }).flatMap(([field, value]) =>
      value === undefined ? [] : [{ field, is: '==' as const, value }],
    );
    const found = await work.find({
      collection: collections.delegations,
      schema: delegation,
      where,
      orderBy: [{ field: 'grantedAt', direction: 'desc' }],
      limit: input.limit + 1,
      ...(after ? { after: { values: [after.at], id: after.id } } : {}),
    });
    const page = found.slice(0, input.limit);
    const last = page.at(-1);
    await work.prefetch(page.map(({ data }) => revocationAt(data.owner)));
    return {
      delegations: await Promise.all(
        page.map(async ({ id, data }) =>
          toDelegationView(id, data, stateOf(data, await work.read(revocationAt(data.owner)), now)),
        ),
      ),
      nextCursor: found.length > input.limit && last ? toCursor(last.data.grantedAt, last.id) : null,
    };
  },
});

type Asked = Pick<z.output<typeof shapes.request>, 'owner' | 'agent'>;

/** Staff and auditors ask for anyone's; everyone else for their own, which is also what no filter means for them. */
const whose = ({ owner, agent }: Asked, uid: string, roles: readonly Role[]): Asked => {
  if (roles.includes('staff') || roles.includes('auditor')) return { owner, agent };
  if (owner === undefined && agent === undefined) return { owner: uid };
  if (owner === uid || agent === uid) return { owner, agent };
  throw new MusterError('PERMISSION_DENIED', 'Delegations of others need the role staff or auditor.', {
    reason: 'ROLE_MISSING',
    next: 'Ask for those that you granted (owner) or were granted (agent).',
  });
};
