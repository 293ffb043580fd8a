import type { Role } from '@muster/contract/staff';
import { logicalName, paths } from '@muster/core/storage/paths';
import { changed, unchanged } from '../../platform/operations/change';
import type { Job } from '../../platform/operations/job';
import type { Account } from '../../platform/adapters/staff-directory';
import { driftOf } from './drift';
import { staffAt } from './staff-document';
import { surveyAt, type SurveyDocument } from './survey-document';

/** Listed by uid; what is found beyond is counted. */
const MOST_LISTED = 100;

/**
 * `staff-survey`: whose claims nobody granted here. A product may have set a claim `admin` or `staff` for reasons of its own, and
 * where claims are roles its holder is one of Muster's. Looks at 1,000 accounts an hour, and goes on where the last run ended. Reads
 * the survey and its entry, and the roster entry of each account with a claim; writes the survey and its entry.
 */
export const surveyClaims: Job = {
  name: 'staff_survey',
  schedule: '20 * * * *',
  quiet: true,
  cost: { reads: 3, writes: 2, readsPerRow: 1 },
  async run({ change, directory, entryAt, now, log }) {
    const after = await change('survey', async (work) => {
      const before = await work.read(surveyAt());
      // This run has looked already, and is repeated.
      if (before && (await work.read(entryAt('survey')))) return unchanged(before);
      const { accounts, next } = await directory.page(before?.next ?? null);
      const carrying = accounts.filter(({ roles }) => roles.length > 0);
      await work.prefetch(carrying.map(({ uid }) => staffAt(uid)));
      const found: Ungranted[] = [];
      for (const { uid, roles } of carrying) {
        const { unknown } = driftOf((await work.read(staffAt(uid)))?.roles, roles);
        if (unknown.length > 0) found.push({ uid, roles: unknown });
      }
      const survey = surveyed(before, { accounts, next, found }, now);
      work.write(surveyAt(), survey);
      return changed(survey, {
        action: 'staff.claims_surveyed',
        target: logicalName(paths.claimSurvey()),
        metadata: { accounts: accounts.length, ungranted: found.slice(0, MOST_LISTED), complete: next === null },
      });
    });
    const ungranted = after.ungranted.length + after.more;
    if (ungranted > 0) log.error('accounts carry claims that Muster did not grant: muster staff list', { ungranted });
    return { accounts: after.accounts, ungranted };
  },
};

interface Ungranted {
  uid: string;
  roles: Role[];
}

/** The survey with one more page; the first page of a pass forgets what the one before found. */
const surveyed = (
  before: SurveyDocument | undefined,
  { accounts, next, found }: { accounts: readonly Account[]; next: string | null; found: Ungranted[] },
  now: Date,
): SurveyDocument => {
  const goesOn = before !== undefined && before.next !== null;
  const all = [...(goesOn ? before.ungranted : []), ...found];
  return {
    next,
    begunAt: goesOn ? before.begunAt : now,
    lookedAt: now,
    accounts: (goesOn ? before.accounts : 0) + accounts.length,
    ungranted: all.slice(0, MOST_LISTED),
    more: (goesOn ? before.more : 0) + Math.max(0, all.length - MOST_LISTED),
    completedAt: next === null ? now : (before?.completedAt ?? null),
  };
};
