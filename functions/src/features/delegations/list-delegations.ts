import type * as z from 'zod';
import type { listDelegations as shapes } from '@muster/contract/delegations';
import type { Role } from '@muster/contract/staff';
import { defineRead } from '../../platform/operations/define-read';
import { newestFirst, whereAsked } from '../../platform/operations/page';
import { delegation } from '@muster/guard/delegation';
import { MusterError } from '@muster/core/errors';
import { collections } from '@muster/core/storage/paths';
import { revocationAt } from '@muster/guard/revocation';
import { stateOf, toDelegationView } from './delegation';

/**
 * `delegations-list`: revocation, the page and one more to know of a next page, and whether each owner's sessions were
 * ended, because delegations end with them.
 */
export const listDelegations = defineRead('delegations-list', {
  cost: { reads: 2, writes: 0, readsPerRow: 2 },
  async answer({ work, now, roles, identity }, input) {
    const { page, nextCursor } = await newestFirst(
      work,
      {
        collection: collections.delegations,
        schema: delegation,
        where: whereAsked(whose(input, identity.uid, roles)),
        by: 'grantedAt',
      },
      input,
    );
    await work.prefetch(page.map(({ data }) => revocationAt(data.owner)));
    return {
      delegations: await Promise.all(
        page.map(async ({ id, data }) =>
          toDelegationView(id, data, stateOf(data, await work.read(revocationAt(data.owner)), now)),
        ),
      ),
      nextCursor,
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
