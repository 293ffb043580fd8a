import { collections } from '@muster/core/storage/paths';
import { defineRead } from '../../platform/operations/define-read';
import { newestFirst } from '../../platform/operations/page';
import { MOST_ASKED, type Account, type StaffDirectory } from '../../platform/adapters/staff-directory';
import { driftOf } from './drift';
import { staffDocument } from './staff-document';
import { surveyAt } from './survey-document';

/**
 * `staff-list`: revocation, the page, one more to know whether there is another, and the survey. Firebase Auth is asked for what
 * the users on the page carry.
 */
export const listStaff = defineRead('staff-list', {
  cost: { reads: 3, writes: 0, readsPerRow: 1 },
  async answer({ work, directory, limits }, asked) {
    const [{ page, nextCursor }, survey] = await Promise.all([
      newestFirst(work, { collection: collections.staff, schema: staffDocument, where: [], by: 'changedAt' }, asked),
      work.read(surveyAt()),
    ]);
    const accounts = await accountsOf(
      directory,
      page.map(({ id }) => id),
    );
    return {
      rolesFrom: limits.rolesFrom,
      staff: page.map(({ id, data }) => {
        const account = accounts.get(id);
        return {
          uid: id,
          roles: data.roles,
          changedAt: data.changedAt.toISOString(),
          changedBy: data.changedBy,
          standing:
            account === undefined
              ? ('deleted' as const)
              : account.disabled
                ? ('disabled' as const)
                : ('enabled' as const),
          drift: driftOf(data.roles, account?.roles ?? []),
        };
      }),
      nextCursor,
      survey: survey
        ? {
            begunAt: survey.begunAt.toISOString(),
            lookedAt: survey.lookedAt.toISOString(),
            completedAt: survey.completedAt?.toISOString() ?? null,
            accounts: survey.accounts,
            ungranted: survey.ungranted,
            more: survey.more,
          }
        : null,
    };
  },
});

const accountsOf = async (
  directory: Pick<StaffDirectory, 'findAll'>,
  uids: readonly string[],
): Promise<Map<string, Account>> => {
  const found: Account[] = [];
  for (let first = 0; first < uids.length; first += MOST_ASKED) {
    found.push(...(await directory.findAll(uids.slice(first, first + MOST_ASKED))));
  }
  return new Map(found.map((account) => [account.uid, account]));
};
